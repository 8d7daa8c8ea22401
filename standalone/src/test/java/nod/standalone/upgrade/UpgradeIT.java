package nod.standalone.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.event.EventCodec;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.Answer;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Operator;
import nod.standalone.ServicesMain;
import nod.standalone.e2e.Auditor;
import nod.standalone.e2e.Authentik.Login;
import nod.standalone.host.ChildJvm;
import nod.standalone.upgrade.Site.Gateway;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The services are upgraded one after the other, and the gateway is taken back, while logins go on.
 * Of the old version, this one, all runs in this JVM; the {@link NextVersion} in children.
 */
class UpgradeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEW_FIELD =
            "\"%s\":\"%s\"".formatted(NextVersion.NAME, NextVersion.VALUE);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Login> accepted = new ArrayList<>();
    private final Path folder;
    private Site site;
    private Gateway old;
    private Gateway next;
    private ServicesMain.Running oldGateway;

    UpgradeIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void startTheOldVersion() throws IOException {
        site = closed(new Site(folder));
        old = site.new Gateway();
        next = site.new Gateway();
        oldGateway = closed(ServicesMain.start(old.settings));
        closed(ServicesMain.start(site.dispatcher()));
        closed(ServicesMain.start(site.collector()));
    }

    @AfterEach
    void stopEverything() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    private <T extends AutoCloseable> T closed(T part) {
        running.push(part);
        return part;
    }

    @Test
    void everyLoginEndsOnceWhileOldAndNewServeSideBySide() throws Exception {
        var classes = NextVersion.madeIn(folder.resolve("next"));
        var ann = old.phone("ann");
        var open = start(old, "ann");
        var prompt = ann.awaitPush(PATIENCE);
        var bob = old.phone("bob");

        var gateway = closed(ChildJvm.startChanged(classes, ServicesMain.class, next.settings));
        logsInUntilItIsReady(gateway, "bob", bob);
        eitherGatewayServesWhatTheOtherBegan(bob, next.phone("cid"));

        var others =
                ChildJvm.startChanged(
                        classes, ServicesMain.class, site.dispatcher(), site.collector());
        closed(others).awaitLine(ChildJvm.READY);
        bothVersionsPushAndDecide(bob);

        oldGateway.close();
        publishesToTheLetter(lateReport());
        gateway.terminate();
        assertThat(gateway.awaitExit()).isEqualTo(143);
        closed(ServicesMain.start(old.settings));
        publishesToTheLetter(lateReport().replaceFirst("}$", "," + NEW_FIELD + "}"));

        logsIn(old, "bob", bob, old);
        accepts(ann, prompt, open);
        everyLoginHasOneOutcome();
        assertThat(new Operator(site.servers().bootstrapServers()).deadLetters()).isZero();
    }

    /** While the new one starts and migrates, the old one serves. */
    private void logsInUntilItIsReady(ChildJvm starting, String user, VirtualPhone phone)
            throws Exception {
        var ready =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return starting.awaitLine(ChildJvm.READY);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        do {
            logsIn(old, user, phone, old);
        } while (!ready.isDone());
        ready.get();
        // And when it has migrated.
        assertThat(origin(logsIn(old, user, phone, old))).isNull();
    }

    private void eitherGatewayServesWhatTheOtherBegan(VirtualPhone ofTheOld, VirtualPhone ofTheNew)
            throws Exception {
        var answeredAtTheOld = logsIn(next, "bob", ofTheOld, old);
        var answeredAtTheNew = logsIn(old, "cid", ofTheNew, next);

        assertThat(origin(answeredAtTheOld)).isEqualTo(NextVersion.VALUE);
        assertThat(origin(answeredAtTheNew)).isNull();
        assertThat(started(answeredAtTheOld)).contains(NEW_FIELD);
        assertThat(started(answeredAtTheNew)).doesNotContain(NEW_FIELD);
        assertThat(response(answeredAtTheOld)).doesNotContain(NEW_FIELD);
        assertThat(response(answeredAtTheNew)).contains(NEW_FIELD);
    }

    /** The versions share the partitions: each pushes and decides some of the logins. */
    private void bothVersionsPushAndDecide(VirtualPhone phone) {
        var writers = new HashSet<String>();
        for (int i = 0; i < 60 && writers.size() < 4; i++) {
            var login =
                    i % 2 == 0 ? logsIn(old, "bob", phone, next) : logsIn(next, "bob", phone, old);
            writers.add("dispatcher " + delivery(login).contains(NEW_FIELD));
            writers.add("collector " + outcome(login).contains(NEW_FIELD));
        }
        assertThat(writers).hasSize(4);
    }

    /** What another version, or this one, left in the outbox; only one gateway runs. */
    private void publishesToTheLetter(String payload) throws SQLException {
        var key = UUID.randomUUID().toString();
        var event = payload.replace("KEY", key);
        execute(
                """
                INSERT INTO outbox (id, producer, topic, key, traceparent, payload, created)
                VALUES (gen_random_uuid(), 'gateway', '%s', '%s', '', '%s', now() - interval '1 h')
                """
                        .formatted(Topic.RESPONSE_RECEIVED.topicName(), key, event));
        assertThat(json(Topic.RESPONSE_RECEIVED, ResponseReceived.class, key)).isEqualTo(event);
    }

    /** It decides nothing. */
    private static String lateReport() {
        var event =
                new ResponseReceived(
                        UUID.randomUUID(), UUID.randomUUID(), Answer.REPORT, Instant.EPOCH, true);
        return new EventCodec().toJson(event).replace(event.txId().toString(), "KEY");
    }

    private void everyLoginHasOneOutcome() {
        var auditor = new Auditor(site.servers().bootstrapServers());
        for (var login : accepted) {
            auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        }
    }

    /** Starts a login here; it is pushed, answered where the phone enrolled, and awaited there. */
    private Login logsIn(Gateway at, String user, VirtualPhone phone, Gateway awaitedAt) {
        var login = start(at, user);
        phone.accept(login.pushedTo(phone, accepted.stream().map(Login::txId).toList(), PATIENCE));
        assertThat(awaitedAt.authentik.await(login).status()).isEqualTo("accept");
        accepted.add(login);
        return login;
    }

    private void accepts(VirtualPhone phone, Prompt prompt, Login login) {
        phone.accept(prompt);
        assertThat(old.authentik.await(login).status()).isEqualTo("accept");
        accepted.add(login);
    }

    private static Login start(Gateway at, String user) {
        return at.authentik.start(user, "accept_deny", Map.of("expires_in", 600));
    }

    private String started(Login login) {
        return json(Topic.TRANSACTION_STARTED, TransactionStarted.class, key(login));
    }

    private String response(Login login) {
        return json(Topic.RESPONSE_RECEIVED, ResponseReceived.class, key(login));
    }

    private String delivery(Login login) {
        return json(Topic.DELIVERY_REPORTED, DeliveryReported.class, key(login));
    }

    private String outcome(Login login) {
        return json(Topic.OUTCOME_DECIDED, OutcomeDecided.class, key(login));
    }

    private static String key(Login login) {
        return login.txId().toString();
    }

    /** Without spaces: some events have them between their fields. */
    private <E extends Event> String json(Topic topic, Class<E> type, String key) {
        try (var reader = new EventLogReader<>(site.servers().bootstrapServers(), topic, type)) {
            var value = reader.awaitRecords(key, 1).getFirst().value();
            return new String(value, StandardCharsets.UTF_8).replace(" ", "");
        }
    }

    /** The new column. */
    private @Nullable String origin(Login login) throws SQLException {
        try (var connection = site.servers().connect();
                var row =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "SELECT %s FROM transaction WHERE tx_id = '%s'"
                                                .formatted(NextVersion.NAME, login.txId()))) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = site.servers().connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
