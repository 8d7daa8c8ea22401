package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.faults.Cluster;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what the services left: logs, management pages, topics, tables. */
final class Leftovers {

    static final String LOG = "log of ";
    static final String PAGES = "pages of ";
    static final String TOPIC = "topic ";
    static final String COLUMN = "column ";
    static final String OUTBOX = "outbox in an outage";

    private static final List<String> SERVED =
            List.of("", "/health", "/health/liveness", "/health/readiness", "/info", "/prometheus");
    private static final List<String> HIDDEN =
            List.of(
                    "/env",
                    "/configprops",
                    "/beans",
                    "/loggers",
                    "/mappings",
                    "/httpexchanges",
                    "/heapdump",
                    "/threaddump",
                    "/logfile");
    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final Client client;
    private final Produced produced;

    Leftovers(Cluster cluster, Client client, Produced produced) {
        this.cluster = cluster;
        this.client = client;
        this.produced = produced;
    }

    void read() throws SQLException {
        readPages();
        readTopics();
        readTables();
        for (var service : cluster.services()) {
            produced.add(LOG + service.name(), text(service.log()));
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each service shows of itself right now. */
    void readPages() {
        var services = cluster.services();
        var uris = cluster.managementUris();
        for (int i = 0; i < services.size(); i++) {
            for (var page : SERVED) {
                var shown = client.page(uris.get(i).resolve("actuator" + page));
                produced.add(PAGES + services.get(i).name(), page + "\n" + shown.body());
            }
        }
    }

    /** What would tell more is not served. */
    void nothingElseIsServed() {
        for (var uri : cluster.managementUris()) {
            for (var page : HIDDEN) {
                var answer = client.page(uri.resolve("actuator" + page));
                assertThat(answer.status()).as("%s of %s", page, uri).isEqualTo(404);
            }
        }
    }

    private void readTopics() {
        for (var record : records()) {
            var place = TOPIC + record.topic();
            produced.add(place, text(record.key()) + " " + text(record.value()));
            record.headers()
                    .forEach(
                            header ->
                                    produced.add(
                                            place, header.key() + ": " + text(header.value())));
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", cluster.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            var partitions =
                    consumer.listTopics().values().stream()
                            .flatMap(List::stream)
                            .filter(info -> !info.topic().startsWith("__"))
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private void readTables() throws SQLException {
        try (var connection = cluster.database()) {
            var columns =
                    rows(
                            connection,
                            """
                            SELECT table_name || '.' || column_name FROM information_schema.columns
                            WHERE table_schema = 'public'
                            """);
            for (var column : columns) {
                produced.add(COLUMN + column, String.join("\n", values(connection, column)));
            }
        }
    }

    /** What waits for Kafka. */
    void readOutbox() throws SQLException {
        try (var connection = cluster.database()) {
            rows(connection, "SELECT o::text FROM outbox o")
                    .forEach(row -> produced.add(OUTBOX, row));
        }
    }

    private static List<String> values(Connection connection, String column) throws SQLException {
        var name = column.split("\\.");
        return rows(
                connection,
                "SELECT \"%2$s\"::text FROM \"%1$s\" WHERE \"%2$s\" IS NOT NULL"
                        .formatted(name[0], name[1]));
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}
