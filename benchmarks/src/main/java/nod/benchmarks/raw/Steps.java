package nod.benchmarks.raw;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;

import nod.benchmarks.rig.Rig;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** The steps of a login, each in its smallest form. */
final class Steps implements AutoCloseable {

    private static final String TABLE = "benchmark_row";
    private static final String TOPIC = "benchmark";
    private static final int CONNECTIONS = 20;
    // About what an event of ours holds.
    private static final String TEXT = "x".repeat(600);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Rig rig;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final UUID row = UUID.randomUUID();

    private Steps(Rig rig) {
        this.rig = rig;
    }

    static Steps of(Rig rig) {
        return new Steps(rig);
    }

    /** All of them, with how often a login does each: the measure against which it is held. */
    List<Step> all() {
        makeTable();
        var database = database();
        var providers = add(new Providers(rig.simulators()));
        return List.of(
                emptyCall(),
                new Step(
                        "one-row R2DBC select",
                        Set.of(Rig.LOAD, Rig.POSTGRES),
                        2,
                        select(database)),
                new Step(
                        "one-row R2DBC insert",
                        Set.of(Rig.LOAD, Rig.POSTGRES),
                        2,
                        insert(database, UUID::randomUUID)),
                new Step("Kafka produce, acks=all", Set.of(Rig.LOAD, Rig.BROKER), 4, produce()),
                new Step("send to the FCM simulator", Set.of(Rig.LOAD), 0.5, providers.fcm()),
                new Step("send to the APNs simulator", Set.of(Rig.LOAD), 0.5, providers.apns()));
    }

    private Step emptyCall() {
        var endpoint = rig.startEndpoint(EmptyEndpointMain.class);
        var connections = ConnectionProvider.create("empty", 100);
        parts.push(connections::dispose);
        var client = HttpClient.create(connections);
        var call =
                client.get()
                        .uri(endpoint.resolve(EmptyEndpointMain.PATH))
                        // Read to its end, or the connection would be closed.
                        .responseSingle(
                                (answer, body) ->
                                        body.asByteArray().then(Mono.just(answer.status())))
                        .filter(HttpResponseStatus.NO_CONTENT::equals)
                        .switchIfEmpty(Mono.error(() -> new IllegalStateException("not 204")));
        return new Step("empty WebFlux call", Set.of(Rig.LOAD, Rig.ENDPOINT), 3, call);
    }

    private void makeTable() {
        try (var connection = rig.database();
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS %s (id uuid PRIMARY KEY, body text NOT NULL)"
                            .formatted(TABLE));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private DatabaseClient database() {
        var options =
                ConnectionFactoryOptions.parse(rig.postgres().r2dbcUrl())
                        .mutate()
                        .option(ConnectionFactoryOptions.USER, rig.postgres().user())
                        .option(ConnectionFactoryOptions.PASSWORD, rig.postgres().password())
                        .build();
        var pool =
                new ConnectionPool(
                        ConnectionPoolConfiguration.builder(ConnectionFactories.get(options))
                                .maxSize(CONNECTIONS)
                                .build());
        parts.push(() -> pool.disposeLater().block(STOP));
        var database = DatabaseClient.create(pool);
        insert(database, () -> row).block(STOP);
        return database;
    }

    private Mono<?> select(DatabaseClient database) {
        return database.sql("SELECT body FROM %s WHERE id = $1".formatted(TABLE))
                .bind("$1", row)
                .map(found -> requireNonNull(found.get(0, String.class)))
                .one();
    }

    private static Mono<?> insert(DatabaseClient database, Supplier<UUID> id) {
        return Mono.defer(
                () ->
                        database.sql("INSERT INTO %s VALUES ($1, $2)".formatted(TABLE))
                                .bind("$1", id.get())
                                .bind("$2", TEXT)
                                .fetch()
                                .rowsUpdated());
    }

    private Mono<?> produce() {
        rig.makeTopic(TOPIC);
        var producer =
                add(
                        new KafkaProducer<String, byte[]>(
                                Map.of(
                                        "bootstrap.servers", rig.bootstrapServers(),
                                        "acks", "all",
                                        "linger.ms", "0"),
                                new StringSerializer(),
                                new ByteArraySerializer()));
        var value = TEXT.getBytes(StandardCharsets.UTF_8);
        return Mono.create(
                sink ->
                        producer.send(
                                new ProducerRecord<>(TOPIC, UUID.randomUUID().toString(), value),
                                (written, failure) -> {
                                    if (failure == null) {
                                        sink.success(written);
                                    } else {
                                        sink.error(failure);
                                    }
                                }));
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a client did not stop well", e);
            }
        }
    }
}
