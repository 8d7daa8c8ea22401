package nod.messaging;

import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.spi.ConnectionFactoryOptions;

import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.Map;

/**
 * How PostgreSQL plans our statements, unless the URL has {@code options} of its own. Each finds
 * its rows by an index, and is made over and over.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseClientConfiguration {

    /**
     * A statement is planned once for each connection, and by an index also where its table was
     * empty then: such a plan lives on when the table has grown. An index is read row by row, for a
     * bitmap of it does not tell the index which rows are dead: the next one would read them again.
     */
    private static final Map<String, String> PLANNING =
            Map.of(
                    "plan_cache_mode", "force_generic_plan",
                    "enable_seqscan", "off",
                    "enable_bitmapscan", "off",
                    "jit", "off");

    @Bean
    ConnectionFactoryOptionsBuilderCustomizer nodPlanning() {
        return DatabaseClientConfiguration::customize;
    }

    private static void customize(ConnectionFactoryOptions.Builder options) {
        if (!options.build().hasOption(PostgresqlConnectionFactoryProvider.OPTIONS)) {
            options.option(PostgresqlConnectionFactoryProvider.OPTIONS, PLANNING);
        }
    }
}
