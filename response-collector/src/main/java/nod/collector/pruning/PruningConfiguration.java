package nod.collector.pruning;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorSettings;
import nod.messaging.pruning.Prunable;
import nod.messaging.pruning.PruningLoop;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.List;

/** Prunes what this service says has had its time. */
@Configuration(proxyBeanMethods = false)
class PruningConfiguration {

    @Bean
    PruningLoop pruningLoop(
            List<Prunable> tables, CollectorSettings settings, MeterRegistry metrics) {
        var pruning = settings.pruning();
        return new PruningLoop(tables, pruning.interval(), pruning.batchSize(), metrics);
    }
}
