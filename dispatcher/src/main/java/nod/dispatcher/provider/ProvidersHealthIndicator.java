package nod.dispatcher.provider;

import nod.schemas.event.Provider;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down while a provider refuses our credentials. Shown to whoever watches, and no part of
 * readiness: the other provider still works, and no restart would help.
 */
public final class ProvidersHealthIndicator implements HealthIndicator {

    private final GuardedSenders senders;

    public ProvidersHealthIndicator(GuardedSenders senders) {
        this.senders = senders;
    }

    @Override
    public Health health() {
        var health = Health.up();
        for (var provider : Provider.values()) {
            var sender = senders.of(provider);
            var refusal = sender == null ? null : sender.health().refusal();
            if (refusal != null) {
                health.down();
            }
            health.withDetail(
                    provider.text(),
                    sender == null
                            ? "not configured"
                            : refusal == null ? "up" : "credentials refused: " + refusal);
        }
        return health.build();
    }
}
