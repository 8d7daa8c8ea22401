package nod.gateway.pruning;

import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;
import nod.messaging.pruning.Prunable;
import nod.messaging.pruning.PruningLoop;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.List;

/** Prunes what the features say has had its time: a table more is one {@link Prunable} more. */
@Configuration(proxyBeanMethods = false)
class PruningConfiguration {

    @Bean
    PruningLoop pruningLoop(
            List<Prunable> tables, GatewaySettings settings, MeterRegistry metrics) {
        var pruning = settings.pruning();
        return new PruningLoop(tables, pruning.interval(), pruning.batchSize(), metrics);
    }
}
