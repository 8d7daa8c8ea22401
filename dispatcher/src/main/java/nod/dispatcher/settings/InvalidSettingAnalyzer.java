package nod.dispatcher.settings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in plain words, and without a stack trace, which setting stopped the start. */
// Before the one for binding, which knows only the group that the setting stands in.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingException cause) {
        var description =
                """
                A setting is wrong:

                    Property: %s
                    Value: %s
                    Expected: %s
                """
                        .formatted(
                                cause.key(),
                                cause.value() == null ? "(absent)" : '"' + cause.value() + '"',
                                cause.expected());
        return new FailureAnalysis(description, "Change the setting and start again.", cause);
    }
}
