package nod.messaging.consume;

import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * What becomes of records that were read: each is handled, tried again, or buried as a dead letter,
 * and finished in its window when that has succeeded. For the thread that polls; handlers complete
 * on any thread, and are heard when that thread settles.
 */
final class Processing<E extends Event> {

    private static final Logger log = LoggerFactory.getLogger(Processing.class);

    private enum Step {
        HANDLED,
        BURIED
    }

    private record Completion(Work work, Step step, @Nullable Throwable failure) {}

    private final Topic topic;
    private final String group;
    private final ConsumerWiring wiring;
    private final Handover<E> handover;
    private final Windows windows;
    private final ConsumerMetrics metrics;

    private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
    private final Retries retries = new Retries();

    Processing(
            Topic topic,
            String group,
            ConsumerWiring wiring,
            Handover<E> handover,
            Windows windows,
            ConsumerMetrics metrics) {
        this.topic = topic;
        this.group = group;
        this.wiring = wiring;
        this.handover = handover;
        this.windows = windows;
        this.metrics = metrics;
    }

    /** Begins what a poll has brought. */
    void begin(Iterable<ConsumerRecord<String, byte[]>> records) {
        var batch = new ArrayList<Work>();
        for (var record : records) {
            var window = windows.of(record);
            window.started(record.offset());
            if (ReplayHeader.isForOthersThan(group, record)) {
                window.finished(record.offset());
                continue;
            }
            metrics.taken(1);
            batch.add(new Work(window, record));
        }
        hand(batch);
    }

    private void hand(List<Work> works) {
        handover.hand(
                works,
                this::bury,
                (work, failure) -> completions.add(new Completion(work, Step.HANDLED, failure)));
    }

    /** Draws the consequences of all that was completed since the last time. */
    void settle() {
        var passing = new ArrayList<Throwable>();
        for (var done = completions.poll(); done != null; done = completions.poll()) {
            var work = done.work();
            if (!windows.hold(work)) {
                // The partition was taken away meanwhile: its next owner does it again.
                metrics.taken(-1);
            } else if (done.failure() == null) {
                work.window().finished(work.record().offset());
                metrics.taken(-1);
            } else if (done.step() == Step.BURIED
                    || TransientFailures.isTransient(done.failure())) {
                retries.add(work.afterPassingFailure());
                passing.add(unwrapped(done.failure()));
            } else {
                retryOrBury(work.afterFault(), unwrapped(done.failure()));
            }
        }
        report(passing);
    }

    /** One line for many records: an outage fails all that is in flight at once. */
    private void report(List<Throwable> passing) {
        if (!passing.isEmpty()) {
            log.warn(
                    "{} could not work on {} records of {} for now, tries them again; one of them:"
                            + " {}",
                    group,
                    passing.size(),
                    topic.topicName(),
                    passing.getFirst().toString());
        }
    }

    private void retryOrBury(Work work, Throwable fault) {
        if (work.faults() >= wiring.maxAttempts()) {
            bury(work, fault);
            return;
        }
        log.warn(
                "{} failed at {} partition {} offset {} ({} of {} attempts)",
                group,
                topic.topicName(),
                work.record().partition(),
                work.record().offset(),
                work.faults(),
                wiring.maxAttempts(),
                fault);
        retries.add(work);
    }

    /**
     * Writes a dead letter; the record is finished only when that is acknowledged. Where it is not,
     * the record is handled once more later, and buried again if that fails too.
     */
    private void bury(Work work, Throwable why) {
        var exception = why instanceof Exception e ? e : new CompletionException(why);
        wiring.deadLetters()
                .add(topic, group, work.record(), exception)
                .whenComplete(
                        (_, failure) ->
                                completions.add(new Completion(work, Step.BURIED, failure)));
    }

    /** Begins once more what is due again. */
    void retryDue() {
        var due = retries.takeDue();
        var owned = due.stream().filter(windows::hold);
        var byBlame = owned.collect(Collectors.partitioningBy(work -> work.faults() > 0));
        metrics.taken(-due.size());
        byBlame.values().forEach(works -> metrics.taken(works.size()));
        // One that failed by itself is handed alone, so that it can't spoil the others' batch.
        required(byBlame.get(true)).forEach(work -> hand(List.of(work)));
        var blameless = required(byBlame.get(false));
        if (!blameless.isEmpty()) {
            hand(blameless);
        }
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** Forgets what would be tried again; what is still under way is let go when it completes. */
    void forgetRetries() {
        metrics.taken(-retries.clear());
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
