package nod.dispatcher.dispatch;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gathers the readings before retries for a moment and makes them together: when a provider is down
 * there are as many as there are logins. Thread-safe.
 */
final class Rereads {

    private static final Duration GATHER = Duration.ofMillis(5);
    private static final int BATCH = 500;

    private record Request(Asked asked, MonoSink<Standing> sink) {}

    private final TransactionReader reader;
    private final Scheduler scheduler;
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Rereads(TransactionReader reader, Scheduler scheduler) {
        this.reader = reader;
        this.scheduler = scheduler;
    }

    /** How it stands with one device. */
    Mono<Standing> read(Asked asked) {
        return Mono.create(
                sink -> {
                    requests.add(new Request(asked, sink));
                    if (scheduled.compareAndSet(false, true)) {
                        scheduler.schedule(this::readAll, GATHER.toNanos(), TimeUnit.NANOSECONDS);
                    }
                });
    }

    private void readAll() {
        scheduled.set(false);
        var batch = new ArrayList<Request>();
        for (var next = requests.poll(); next != null; next = requests.poll()) {
            batch.add(next);
            if (batch.size() == BATCH) {
                read(List.copyOf(batch));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            read(List.copyOf(batch));
        }
    }

    private void read(List<Request> batch) {
        reader.read(batch.stream().map(Request::asked).toList())
                .publishOn(scheduler)
                .subscribe(
                        standings -> {
                            for (int i = 0; i < batch.size(); i++) {
                                batch.get(i).sink().success(standings.get(i));
                            }
                        },
                        failure -> batch.forEach(request -> request.sink().error(failure)));
    }
}
