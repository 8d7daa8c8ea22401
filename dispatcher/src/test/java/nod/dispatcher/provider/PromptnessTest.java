package nod.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class PromptnessTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(10);

    private long now;
    private final Promptness promptness = new Promptness(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void answer(int times, Duration latency) {
        for (int i = 0; i < times; i++) {
            promptness.asked();
            promptness.answered(latency);
        }
    }

    @Test
    void isTakenToBePromptUntilItIsNot() {
        assertThat(promptness.isPrompt()).isTrue();

        promptness.asked();
        pass(Duration.ofSeconds(1));
        assertThat(promptness.isPrompt()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(promptness.isPrompt()).isFalse();
    }

    @Test
    void anAnswerBreaksTheSilence() {
        promptness.asked();
        promptness.asked();
        pass(Duration.ofSeconds(2));
        promptness.answered(SHORT);
        assertThat(promptness.isPrompt()).isTrue();

        pass(Duration.ofSeconds(2));
        assertThat(promptness.isPrompt()).isFalse();
        promptness.givenUp();
        assertThat(promptness.isPrompt()).isTrue();
    }

    @Test
    void whoIsNotAskedIsNotSilent() {
        answer(1, SHORT);
        pass(Duration.ofHours(1));
        assertThat(promptness.isPrompt()).isTrue();

        promptness.asked();
        assertThat(promptness.isPrompt()).isTrue();
    }

    @Test
    void oneLateAnswerAmongPromptOnesIsForgiven() {
        answer(20, SHORT);
        answer(1, LONG);

        assertThat(promptness.isPrompt()).isTrue();
    }

    @Test
    void lateAnswersCountUntilPromptOnesHaveComeAgain() {
        answer(3, LONG);
        assertThat(promptness.isPrompt()).isFalse();

        answer(20, SHORT);
        assertThat(promptness.isPrompt()).isTrue();
    }
}
