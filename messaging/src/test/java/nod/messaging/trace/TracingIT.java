package nod.messaging.trace;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.event.Traceparent;
import nod.messaging.testing.SpanReceiver;
import nod.messaging.testing.SpanReceiver.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import reactor.core.publisher.Mono;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Spans as a collector gets them, over a real connection. */
class TracingIT {

    private static final Traceparent CAUSE =
            new Traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final Traceparent OCCASION =
            new Traceparent("00-11111111111111111111111111111111-2222222222222222-01");
    private static final Traceparent UNSAMPLED =
            new Traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");

    private final SpanReceiver collector;

    TracingIT() throws IOException {
        this.collector = new SpanReceiver();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private Tracing tracing(int percent) {
        return Tracing.to(new Exporter(collector.endpoint(), "tested"), percent);
    }

    /** The one span that was sent until the end of the service. */
    private Received only(Tracing closed) {
        closed.close();
        assertThat(collector.all()).hasSize(1);
        return collector.all().getFirst();
    }

    @Test
    void continuesTheTraceOfItsCause() {
        var tracing = tracing(0);

        var span = tracing.step(Kind.CLIENT, "ask", CAUSE).with(Detail.RESULT, "accepted");
        span.end(null);

        var sent = only(tracing);
        assertThat(sent.service()).isEqualTo("tested");
        assertThat(sent.trace()).isEqualTo(CAUSE.traceId());
        assertThat(sent.parent()).isEqualTo(CAUSE.spanId());
        assertThat(sent.name()).isEqualTo("ask");
        assertThat(sent.kind()).isEqualTo("SPAN_KIND_CLIENT");
        assertThat(sent.details()).isEqualTo(Map.of("push.result", "accepted"));
        assertThat(sent.failed()).isFalse();
        assertThat(span.trace().value())
                .isEqualTo("00-" + sent.trace() + "-" + sent.span() + "-01");
    }

    @Test
    void passesOnATraceThatNobodyRecords() {
        var tracing = tracing(100);

        var step = tracing.step(Kind.CLIENT, "ask", UNSAMPLED);
        var arrival = tracing.arrival("HTTP", UNSAMPLED.value());
        step.end(null);
        arrival.end(null);
        tracing.close();

        assertThat(step.trace()).isEqualTo(UNSAMPLED);
        assertThat(arrival.trace()).isEqualTo(UNSAMPLED);
        assertThat(collector.all()).isEmpty();
    }

    @Test
    void recordsNothingWhereThereIsNoCollector() {
        var tracing = Tracing.off();
        var work = Mono.just("work");

        var span = tracing.step(Kind.CLIENT, "ask", CAUSE);

        assertThat(span.trace()).isEqualTo(CAUSE);
        assertThat(span.during(work)).isSameAs(work);
        assertThat(tracing.arrival("HTTP", null).trace().isSampled()).isFalse();
    }

    @Test
    void beginsATraceWhereTheCallerGivesNone() {
        var tracing = tracing(100);

        var span = tracing.arrival("HTTP", "malformed");
        span.rename("GET /known/");
        span.end(null);

        var sent = only(tracing);
        assertThat(sent.parent()).isEmpty();
        assertThat(sent.name()).isEqualTo("GET /known/");
        assertThat(span.trace().isSampled()).isTrue();
    }

    @Test
    void beginsNoneWhereNoneOfAHundredIsWanted() {
        var tracing = tracing(0);

        var span = tracing.arrival("HTTP", null);
        span.end(null);
        tracing.close();

        assertThat(span.trace().isSampled()).isFalse();
        assertThat(collector.all()).isEmpty();
    }

    @Test
    void hasALinkToTheOccasion() {
        var tracing = tracing(0);

        tracing.step(Kind.INTERNAL, "answer", CAUSE, OCCASION).end(null);

        assertThat(only(tracing).links())
                .containsExactly(OCCASION.traceId() + "/" + OCCASION.spanId());
    }

    @Test
    void tellsTheKindOfAFailureAndNotWhatItSays() {
        var tracing = tracing(0);
        var secret = new IllegalStateException("the right item is 47");

        tracing.step(Kind.CONSUMER, "process", CAUSE).end(new CompletionException(secret));

        var sent = only(tracing);
        assertThat(sent.failed()).isTrue();
        assertThat(sent.details()).isEqualTo(Map.of("error.type", "IllegalStateException"));
        assertThat(collector.text()).doesNotContain("the right item");
    }

    @Test
    void endsWithTheWork() {
        var tracing = tracing(0);

        tracing.step(Kind.CLIENT, "ask", CAUSE)
                .during(Mono.error(new IOException("refused")))
                .onErrorComplete()
                .block();

        assertThat(only(tracing).details()).containsEntry("error.type", "IOException");
    }

    @Test
    void endsWhereNobodyWaitsForTheWorkAnyMore() {
        var tracing = tracing(0);

        tracing.step(Kind.CLIENT, "ask", CAUSE).during(Mono.never()).subscribe().dispose();

        assertThat(only(tracing).failed()).isFalse();
    }

    @Test
    @Timeout(10)
    void stopsAlsoWhereTheCollectorIsAway() {
        var nobody = URI.create("http://127.0.0.1:1/v1/traces");
        var tracing = Tracing.to(new Exporter(nobody, "tested"), 0);

        for (int i = 0; i < 5_000; i++) {
            tracing.step(Kind.CLIENT, "ask", CAUSE).end(null);
        }

        tracing.close();
    }
}
