package nod.dispatcher.push;

import nod.schemas.event.Provider;

import reactor.core.publisher.Mono;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A provider that answers each key as it was told to, and then accepts. */
public final class ScriptedSender implements PushSender {

    private final Provider provider;
    private final Map<String, Deque<Mono<PushResult>>> scripts = new HashMap<>();
    private final List<Push> sent = new ArrayList<>();
    private Mono<PushResult> preparation = Mono.empty();
    private int cancelled;

    public ScriptedSender(Provider provider) {
        this.provider = provider;
    }

    public ScriptedSender next(String key, PushResult result) {
        return next(key, Mono.just(result));
    }

    public ScriptedSender next(String key, Mono<PushResult> result) {
        scripts.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(result);
        return this;
    }

    public ScriptedSender always(String key, PushResult result) {
        for (int i = 0; i < 1000; i++) {
            next(key, result);
        }
        return this;
    }

    /** How getting ready ends. */
    public ScriptedSender prepares(Mono<PushResult> result) {
        preparation = result;
        return this;
    }

    /** What was sent, in order. */
    public List<Push> sent() {
        return sent;
    }

    public int cancelled() {
        return cancelled;
    }

    @Override
    public Provider provider() {
        return provider;
    }

    @Override
    public Mono<PushResult> prepare() {
        return Mono.defer(() -> preparation);
    }

    @Override
    public Mono<PushResult> send(Push push) {
        return Mono.defer(
                () -> {
                    sent.add(push);
                    var script = scripts.get(push.address().key());
                    var result = script == null ? null : script.poll();
                    Mono<PushResult> answer =
                            result == null ? Mono.just(new PushResult.Accepted("id")) : result;
                    return answer.doOnCancel(() -> cancelled++);
                });
    }
}
