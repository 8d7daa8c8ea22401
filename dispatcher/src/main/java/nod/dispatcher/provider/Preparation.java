package nod.dispatcher.provider;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gets the providers' clients ready while the service starts, so that its first pushes find an
 * access token and connections; and tells of what is missing before there is a push. Nobody waits
 * for it: a provider that does not answer holds nothing up.
 */
public final class Preparation implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Preparation.class);

    private final GuardedSenders senders;
    private @Nullable Disposable running;

    public Preparation(GuardedSenders senders) {
        this.senders = senders;
    }

    @Override
    public void start() {
        running =
                Flux.fromIterable(senders.byProvider().values()).flatMap(this::prepare).subscribe();
    }

    private Mono<PushResult> prepare(GuardedSender sender) {
        return sender.prepare()
                .doOnNext(result -> tell(sender.provider(), result))
                .doOnError(bug -> log.error("{} was not prepared", sender.provider().text(), bug))
                .onErrorComplete();
    }

    private static void tell(Provider provider, PushResult result) {
        log.warn(
                "{} is not ready ({}): its first pushes may have to wait",
                provider.text(),
                result instanceof TryAgain again ? again.reason() : result.label());
    }

    @Override
    public void stop() {
        if (running != null) {
            running.dispose();
            running = null;
        }
    }

    /** Until it is stopped. */
    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Before the server and the consumers, which start last. */
    @Override
    public int getPhase() {
        return 0;
    }
}
