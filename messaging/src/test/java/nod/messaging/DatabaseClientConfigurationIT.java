package nod.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

import java.time.Duration;
import java.util.Objects;

class DatabaseClientConfigurationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void hasEachStatementPlannedOnceAndByAnIndex() {
        try (var service = new MessagingFixture()) {
            var database = service.part(DatabaseClient.class);

            assertThat(setting(database, "plan_cache_mode")).isEqualTo("force_generic_plan");
            assertThat(setting(database, "enable_seqscan")).isEqualTo("off");
            assertThat(setting(database, "enable_bitmapscan")).isEqualTo("off");
            assertThat(setting(database, "jit")).isEqualTo("off");
        }
    }

    @Test
    void leavesPlanningToTheUrlThatSaysHow() {
        var url = "--spring.r2dbc.properties.options=plan_cache_mode=auto";
        try (var service = new MessagingFixture(url)) {
            var database = service.part(DatabaseClient.class);

            assertThat(setting(database, "plan_cache_mode")).isEqualTo("auto");
            assertThat(setting(database, "enable_seqscan")).isEqualTo("on");
        }
    }

    private static String setting(DatabaseClient database, String name) {
        return database.sql("SHOW " + name)
                .map(row -> Objects.requireNonNull(row.get(0, String.class)))
                .one()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
