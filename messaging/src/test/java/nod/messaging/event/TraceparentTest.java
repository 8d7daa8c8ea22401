package nod.messaging.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import reactor.util.context.Context;

class TraceparentTest {

    private static final String VALUE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void continuesAWellFormedTrace() {
        assertThat(Traceparent.of(VALUE).value()).isEqualTo(VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
            })
    void beginsANewTraceWhereTheGivenOneIsMalformed(String header) {
        assertThat(Traceparent.of(header).value()).isNotEqualTo(header);
        assertThatThrownBy(() -> new Traceparent(header))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void beginsWellFormedTraces() {
        for (int i = 0; i < 1000; i++) {
            var started = Traceparent.start();
            assertThat(Traceparent.of(started.value())).isEqualTo(started);
        }
    }

    @Test
    void knowsItsParts() {
        var trace = new Traceparent(VALUE);

        assertThat(trace.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(trace.spanId()).isEqualTo("b7ad6b7169203331");
        assertThat(Traceparent.sampled(trace.traceId(), trace.spanId())).isEqualTo(trace);
        assertThat(Traceparent.parse("none")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"00,false", "01,true", "02,false", "03,true", "fe,false", "ff,true"})
    void isSampledWhereTheLastBitSaysSo(String flags, boolean sampled) {
        var value = VALUE.substring(0, VALUE.length() - 2) + flags;

        assertThat(new Traceparent(value).isSampled()).isEqualTo(sampled);
    }

    @Test
    void travelsInTheContext() {
        var trace = Traceparent.of(VALUE);

        assertThat(Traceparent.from(trace.asContext())).isEqualTo(trace);
        assertThat(Traceparent.from(Context.empty())).isNotEqualTo(trace);
    }
}
