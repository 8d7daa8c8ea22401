package nod.standalone.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.SharedStandalone;
import nod.standalone.Standalone;
import nod.standalone.e2e.Authentik;
import nod.standalone.host.Programs;
import nod.standalone.integrations.PolicyStandIn.Run;
import nod.standalone.integrations.PolicyStandIn.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The blueprint's policies against a running Nod, with a phone, and without authentik. */
@ResourceLock(SharedStandalone.LOCK)
class AuthentikPoliciesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger USERS = new AtomicInteger(100_000);
    private static PolicyStandIn policies;

    private final Standalone nod = SharedStandalone.get();
    private final Authentik authentik = new Authentik(nod.gatewayUri(), nod.apiKey().value());
    private final String url = nod.gatewayUri().toString().replaceAll("/$", "");
    private final int user = USERS.incrementAndGet();
    private final String plan = "plan of " + user;

    @BeforeAll
    static void startPython() {
        assumeThat(Programs.missing("python3")).isEmpty();
        policies = new PolicyStandIn(Blueprint.read().expressions());
    }

    @AfterAll
    static void stopPython() {
        if (policies != null) {
            policies.close();
        }
    }

    @BeforeEach
    void reachNod() {
        policies.environment(url, nod.apiKey().value());
    }

    @Test
    void letAUserInWhoChoseTheNumberOnThePhone() {
        var phone = phone();
        var started = start();
        assertThat(started.passed()).isTrue();
        assertThat(approved().passed()).isFalse();

        var prompt = phone.awaitPush(PATIENCE);
        assertThat(prompt.context()).containsEntry("client_ip", "192.0.2.1");
        assertThat(prompt.items()).contains(started.shown());
        phone.answer(prompt, started.shown());

        assertThat(check().passed()).isTrue();
        assertThat(approved().passed()).isTrue();
    }

    @Test
    void letAnOutpostsUserInWhoSaidYes() {
        var phone = phone();
        assertThat(policies.run("nod-start-outpost", run()).passed()).isTrue();

        phone.accept(phone.awaitPush(PATIENCE));

        assertThat(policies.run("nod-check", run()).passed()).isTrue();
        assertThat(approved().passed()).isTrue();
    }

    @Test
    void keepAUserOutWhoDeniedAndAskNoMore() {
        var phone = phone();
        start();
        phone.deny(phone.awaitPush(PATIENCE));
        assertKeptOut("not approved");

        try (var other = new ScriptedNod(500, "")) {
            policies.environment(other.url(), "any");
            assertKeptOut("not approved");
            assertThat(start().passed()).as("the page stays").isTrue();
            assertThat(other.asked()).isZero();
        }
        policies.environment(url, nod.apiKey().value());
        var again = policies.run("nod-start", Run.of("again " + plan, user));
        assertThat(again.passed()).isFalse();
        assertThat(again.message()).contains("too many requests");
        assertThat(phone.pull()).isEmpty();
    }

    @Test
    void keepAUserOutWhoReported() {
        var phone = phone();
        start();
        phone.report(phone.awaitPush(PATIENCE));

        assertKeptOut("not approved");
    }

    @Test
    void keepAUserOutWhoChoseAnotherNumber() {
        var phone = phone();
        var shown = start().shown();
        var prompt = phone.awaitPush(PATIENCE);
        var wrong = prompt.items().stream().filter(item -> !item.equals(shown)).findFirst();
        phone.answer(prompt, wrong.orElseThrow());

        assertKeptOut("not approved");
    }

    @Test
    void waitForAUserWhoTakesTheTime() {
        var phone = phone();
        var started = start();
        assertKeptOut("not answered yet");

        assertThat(start().txId()).as("still the same").isEqualTo(started.txId());
        phone.answer(phone.awaitPush(PATIENCE), started.shown());

        assertThat(check().passed()).isTrue();
    }

    @Test
    void askOnceHoweverOftenThePageIsLoaded() {
        var phone = phone();
        var first = start();
        assertThat(start().txId()).isEqualTo(first.txId());

        // Nod's answer was lost, and authentik's request is repeated.
        policies.drop(plan, "tx_id", "created");
        assertThat(start().txId()).isEqualTo(first.txId());
        assertThat(phone.pull()).hasSize(1);
    }

    @Test
    void askAgainForASecondLoginOfTheSameBrowser() {
        phone();
        var first = start();
        var second = policies.run("nod-start", Run.of("second " + plan, user));

        assertThat(second.passed()).isTrue();
        assertThat(second.txId()).isNotEmpty().isNotEqualTo(first.txId());
    }

    @Test
    void takeNoApprovalOfAnotherLogin() {
        var earlier = approve(phone());
        var other = "other " + plan;
        policies.run("nod-start", Run.of(other, user));
        policies.put(other, "tx_id", earlier.txId());

        var verdict = policies.run("nod-check", Run.of(other, user).validating());

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.message()).contains("another login");
        assertThat(policies.run("nod-approved", Run.of(other, user)).passed()).isFalse();
    }

    @Test
    void takeNoApprovalOfAnotherUser() {
        approve(phone());
        var thief = "thief of " + plan;
        policies.copy(plan, thief);

        assertThat(policies.run("nod-approved", Run.of(thief, user + 1)).passed()).isFalse();
        assertThat(policies.run("nod-check", Run.of(thief, user + 1)).passed()).isFalse();
    }

    /** Even where somebody has bent the plan: it is Nod who says whose the transaction is. */
    @Test
    void believeNodAboutWhoseTransactionItIs() {
        approve(phone());
        policies.put(plan, "user", Integer.toString(user + 1));

        var verdict = policies.run("nod-check", Run.of(plan, user + 1));

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.message()).contains("another login");
    }

    @Test
    void takeNoApprovalThatIsTenMinutesOld() {
        approve(phone());

        assertThat(policies.run("nod-approved", run().later(601)).passed()).isFalse();
        assertThat(policies.run("nod-check", run().later(601)).passed()).isFalse();
        assertThat(policies.run("nod-approved", run().later(-60)).passed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nod-start", "nod-start-outpost", "nod-check", "nod-approved"})
    void keepNobodyOut(String policy) {
        for (var run :
                List.of(
                        new Run("nobody", null, 1, false, 0, List.of()),
                        new Run("a made-up user", null, null, false, 0, List.of()),
                        new Run("another", user, user + 1, false, 0, List.of()),
                        Run.of("not asked", user))) {
            assertRefused(policies.run(policy, run));
        }
    }

    @Test
    void tellWhoHasNoPhone() {
        var started = start();

        assertRefused(started);
        assertThat(started.message()).contains("No phone");
        assertRefused(check());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "503|{'detail': 'x'}",
                "500|<html>",
                "200|<html>",
                "201|",
                "302|",
                "200|null",
                "200|[]",
                "200|{}",
                "201|{'tx_id': 1}",
                "401|{'status': 'accept'}",
                "200|{'status': 'accept'}",
                "200|{'status': true, 'user': 'USER', 'tx_id': 'TX', 'created': 'CREATED'}",
                "200|{'status': 'accept', 'user': 'USER', 'tx_id': 'TX', 'created': 'CREATED'}",
                "200|{'status': 'accept', 'user': 'USER', 'tx_id': 'TX', 'created': 'CREATED',"
                        + " 'decided': null}",
                "200|{'status': 'accept', 'user': '1', 'tx_id': 'TX', 'created': 'CREATED',"
                        + " 'decided': 'CREATED'}",
                "200|{'status': 'accept', 'user': 'USER', 'tx_id': '1', 'created': 'CREATED',"
                        + " 'decided': 'CREATED'}",
                "200|{'status': 'accept', 'user': 'USER', 'tx_id': 'TX',"
                        + " 'created': '2020-01-01T00:00:00Z', 'decided': '2020-01-01T00:00:00Z'}",
                "200|{'status': 'accept', 'user': 'USER', 'tx_id': 'TX', 'created': 'CREATED',"
                        + " 'decided': '2099-01-01T00:00:00Z'}",
                "201|{'tx_id': 'TX', 'user': 'USER', 'item_mode': 'number_matching_3',"
                        + " 'item': '<img>', 'created': '2099-01-01T00:00:00Z'}",
                "201|{'tx_id': 'TX', 'user': 'USER', 'item_mode': 'number_matching_3',"
                        + " 'item': '42', 'created': '2020-01-01T00:00:00Z'}",
                "201|{'tx_id': 'TX', 'user': 'USER', 'item_mode': 'accept_deny',"
                        + " 'item': null, 'created': '2099-01-01T00:00:00Z'}",
            })
    void refuseWhenTheAnswerIsNotWhatWasAskedFor(int status, @Nullable String body) {
        phone();
        var started = start();
        var created = started.json().path("nod").path("created").asString();
        var text =
                (body == null ? "" : body)
                        .replace('\'', '"')
                        .replace("USER", Integer.toString(user))
                        .replace("TX", started.txId())
                        .replace("CREATED", created);
        try (var other = new ScriptedNod(status, text)) {
            policies.environment(other.url(), nod.apiKey().value());

            assertRefused(policies.run("nod-start", Run.of("new " + plan, user)));
            assertRefused(check());
            assertRefused(approved());
            assertThat(other.asked()).as("no redirect is followed").isEqualTo(2);
        }
    }

    /** That it is the answer which was wrong above, and not the way it was given. */
    @Test
    void passWhenTheAnswerIsRight() {
        var asked =
                """
                {"tx_id": "x", "user": "%d", "item_mode": "number_matching_3", "item": "42",
                 "created": "2099-01-01T00:00:00Z"}
                """
                        .formatted(user);
        try (var other = new ScriptedNod(201, asked)) {
            policies.environment(other.url(), nod.apiKey().value());

            assertThat(start().shown()).isEqualTo("42");
        }
    }

    /** The same for what nod-check is told. */
    @Test
    void passWhenTheDecisionIsRight() {
        phone();
        var started = start();
        var created = started.json().path("nod").path("created").asString();
        var text =
                """
                {"status": "accept", "user": "%d", "tx_id": "%s", "created": "%s", "decided": "%s"}
                """
                        .formatted(user, started.txId(), created, created);
        try (var other = new ScriptedNod(200, text)) {
            policies.environment(other.url(), nod.apiKey().value());

            assertThat(check().passed()).isTrue();
        }
    }

    @Test
    void refuseWhenNodIsAway() {
        var gone = new ScriptedNod(200, "");
        gone.close();
        phone();
        start();
        policies.environment(gone.url(), nod.apiKey().value());

        assertRefused(policies.run("nod-start", Run.of("new " + plan, user)));
        assertRefused(check());
    }

    @Test
    void refuseWithoutAGoodKey() {
        phone();
        start();
        policies.environment(url, "no such key");

        assertRefused(policies.run("nod-start", Run.of("new " + plan, user)));
        assertRefused(check());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOD_URL", "NOD_API_KEY"})
    void refuseWhereTheyAreNotConfigured(String variable) {
        phone();
        assertRefused(policies.run("nod-start", Run.of("new " + plan, user).without(variable)));
        start();
        assertRefused(policies.run("nod-check", run().without(variable)));
    }

    @Test
    void tellNodOfADeletedUser() {
        phone();
        Map<String, Object> event =
                Map.of(
                        "user", Map.of("pk", 1, "username", "an admin"),
                        "context", Map.of("model", Map.of("pk", user, "name", "alice")));

        var headers = policies.map("nod-removed-headers", event);
        var body = policies.map("nod-removed-body", event);

        assertThat(headers.path("Authorization").asString())
                .isEqualTo("Bearer " + nod.apiKey().value());
        assertThat(authentik.call("POST", "users/removed/", body).status()).isEqualTo(204);
        assertThat(start().message()).contains("No phone");
    }

    private Run run() {
        return Run.of(plan, user);
    }

    private Verdict start() {
        return policies.run("nod-start", run());
    }

    private Verdict check() {
        return policies.run("nod-check", run().validating());
    }

    private Verdict approved() {
        return policies.run("nod-approved", run());
    }

    private Verdict approve(VirtualPhone phone) {
        var started = start();
        phone.answer(phone.awaitPush(PATIENCE), started.shown());
        assertThat(check().passed()).isTrue();
        assertThat(approved().passed()).isTrue();
        return started;
    }

    private void assertKeptOut(String message) {
        var verdict = check();
        assertRefused(verdict);
        assertThat(verdict.message()).contains(message);
        assertRefused(approved());
    }

    private static void assertRefused(Verdict verdict) {
        assertThat(verdict.raised()).as(verdict.toString()).isFalse();
        assertThat(verdict.passed()).as(verdict.toString()).isFalse();
    }

    private VirtualPhone phone() {
        var phone =
                VirtualPhone.enrol(
                        authentik.beginEnrolment(Integer.toString(user)),
                        PhoneModel.android("pixel"),
                        nod.simulators().controlUri(),
                        CheckedHttpClient.of(nod.gatewayUri(), nod.simulators().controlUri()));
        phone.setNotificationKey();
        return phone;
    }
}
