package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;
import nod.messaging.event.Traceparent;
import nod.messaging.publish.EventPublisher;
import nod.messaging.testing.TestServers;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import tools.jackson.databind.JsonNode;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The stream of a transaction's changes. No dispatcher and no response-collector runs here. */
class TransactionEventsIT {

    private static final String PATH = "/authenticators/mobile/transactions/";
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static TestServers servers;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        servers = new TestServers();
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tellsHowItStandsAtOnceAndAtEachChangeAndEndsWithTheDecision() {
        var phone = gateway.enrol("stream");
        var txId = started("stream");

        StepVerifier.create(events(txId))
                .assertNext(
                        event -> {
                            assertThat(event.event()).isEqualTo("transaction");
                            assertThat(state(event)).isEqualTo("wait pending");
                            assertThat(data(event).path("tx_id").asString()).isEqualTo(txId);
                        })
                .then(
                        () ->
                                phone.client()
                                        .get()
                                        .uri(
                                                "/authenticators/mobile/{uuid}/transactions/",
                                                phone.device())
                                        .exchange()
                                        .expectStatus()
                                        .isOk())
                .assertNext(event -> assertThat(state(event)).isEqualTo("wait pulled"))
                .then(
                        () ->
                                gateway.deployment()
                                        .delete()
                                        .uri(PATH + txId + "/")
                                        .exchange()
                                        .expectStatus()
                                        .isNoContent())
                .assertNext(event -> assertThat(state(event)).isEqualTo("cancelled pulled"))
                .expectComplete()
                .verify(LONGEST);
    }

    @Test
    void endsAtOnceWhereItIsDecidedAlready() {
        gateway.enrol("decided");
        var txId = started("decided");
        gateway.deployment().delete().uri(PATH + txId + "/").exchange();

        StepVerifier.create(events(txId))
                .assertNext(event -> assertThat(state(event)).isEqualTo("cancelled pending"))
                .expectComplete()
                .verify(LONGEST);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsTheConnectionAliveByComments() {
        gateway.enrol("quiet");
        var txId = started("quiet");

        StepVerifier.create(events(txId))
                .assertNext(event -> assertThat(state(event)).isEqualTo("wait pending"))
                .assertNext(event -> assertThat(event.comment()).isEqualTo("keep-alive"))
                .thenCancel()
                .verify(LONGEST);
    }

    /** The row is gone as after a restore of the database. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void endsWhereTheTransactionIsNoMore() throws SQLException {
        gateway.enrol("lost");
        var txId = started("lost");

        StepVerifier.create(events(txId))
                .expectNextCount(1)
                .then(() -> execute("DELETE FROM transaction WHERE tx_id = '" + txId + "'"))
                .expectComplete()
                .verify(LONGEST);
    }

    /** Whoever may write to the topic wakes those who wait, and tells them nothing. */
    @Test
    void believesTheRowWhateverAnOutcomeSaysThatSomebodyForged() {
        gateway.enrol("forged");
        var txId = started("forged");
        var began = System.nanoTime();

        var answer =
                Mono.fromCallable(() -> waited(txId, 15))
                        .subscribeOn(Schedulers.boundedElastic())
                        .doOnSubscribe(_ -> forgeUntilItIsOver(txId))
                        .block(LONGEST);

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("it was woken")
                .isLessThan(Duration.ofSeconds(14));
        assertThat(Objects.requireNonNull(answer).path("status").asString()).isEqualTo("wait");
    }

    private static JsonNode waited(String txId, int seconds) {
        return RunningGateway.body(
                gateway.deployment()
                        .get()
                        .uri(PATH + txId + "/?wait=" + seconds)
                        .exchange()
                        .expectStatus()
                        .isOk());
    }

    /** More than once, for who waits has to be there when it comes. */
    private static void forgeUntilItIsOver(String txId) {
        Flux.interval(Duration.ofMillis(500))
                .take(10)
                .subscribe(_ -> gateway.part(EventPublisher.class).publish(forged(txId)));
    }

    private static StoredEvent forged(String txId) {
        var accept =
                new OutcomeDecided(
                        UUID.fromString(txId),
                        "forged",
                        TransactionStatus.ACCEPT,
                        OutcomeReason.MATCHED,
                        null,
                        Instant.EPOCH,
                        Instant.EPOCH);
        return new StoredEvent(
                UUID.randomUUID(),
                Instant.EPOCH,
                Traceparent.start(),
                accept.topic(),
                accept.key(),
                new EventCodec().toJson(accept));
    }

    @Test
    void knowsOnlyItsOwnMediaTypeAndAnswersRefusalsInJson() {
        gateway.enrol("media");
        var txId = started("media");

        gateway.deployment()
                .get()
                .uri(PATH + txId + "/events/")
                .accept(MediaType.APPLICATION_JSON)
                .exchange()
                .expectStatus()
                .isEqualTo(406)
                .expectBody()
                .json("{\"detail\": \"Could not satisfy the request Accept header.\"}");
        gateway.deployment()
                .get()
                .uri(PATH + UUID.randomUUID() + "/events/")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_JSON)
                .expectBody()
                .json("{\"detail\": \"Not found.\"}");
        gateway.client("nobody")
                .get()
                .uri(PATH + txId + "/events/")
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void answersHeadWithoutWaitingForTheDecision() {
        gateway.enrol("head");

        gateway.deployment()
                .head()
                .uri(PATH + started("head") + "/events/")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
                .expectBody()
                .isEmpty();
    }

    private static Flux<ServerSentEvent<JsonNode>> events(String txId) {
        FluxExchangeResult<ServerSentEvent<JsonNode>> result =
                gateway.deployment()
                        .get()
                        .uri(PATH + txId + "/events/")
                        .accept(MediaType.TEXT_EVENT_STREAM)
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .returnResult(new ParameterizedTypeReference<>() {});
        return result.getResponseBody();
    }

    private static JsonNode data(ServerSentEvent<JsonNode> event) {
        return Objects.requireNonNull(event.data());
    }

    private static String state(ServerSentEvent<JsonNode> event) {
        var transaction = data(event);
        return transaction.path("status").asString()
                + " "
                + transaction.path("deliveries").path(0).path("state").asString();
    }

    private static String started(String user) {
        var answer =
                gateway.deployment()
                        .post()
                        .uri(PATH)
                        .bodyValue(Map.of("user", user))
                        .exchange()
                        .expectStatus()
                        .isCreated();
        return RunningGateway.body(answer).path("tx_id").asString();
    }

    private static void execute(String sql) {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(sql, refused);
        }
    }
}
