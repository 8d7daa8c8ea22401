package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushSender;
import nod.dispatcher.push.PushSenderContract;
import nod.dispatcher.push.Simulated;
import nod.dispatcher.seal.HpkeSealing;
import nod.dispatcher.settings.Trust;
import nod.simulators.Simulators;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import reactor.core.publisher.Flux;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** What the sender does, whoever speaks to FCM for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FcmSenderContract extends PushSenderContract {

    private static final Duration LEFT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Where Google has an object, this error is a number. */
    protected static final String UNREADABLE = "{\"error\":7}";

    private FcmSender sender;

    /** Who speaks to FCM. */
    protected abstract FcmSettings.Client client();

    private FcmSender sender(Path serviceAccount, URI endpoint) throws IOException {
        return sender(serviceAccount, endpoint, authority());
    }

    private FcmSender sender(Path serviceAccount, URI endpoint, Trust trust) throws IOException {
        return sender(client(), serviceAccount, endpoint, trust);
    }

    private static FcmSender sender(
            FcmSettings.Client client, Path serviceAccount, URI endpoint, Trust trust)
            throws IOException {
        return sender(new FcmSettings(client, serviceAccount, endpoint, trust.tls(), TIMEOUT, 200));
    }

    private static FcmSender sender(FcmSettings settings) throws IOException {
        return FcmSender.create(settings, new HpkeSealing(), Clock.systemUTC());
    }

    /** One that waits longer, where a busy machine is no reason to give up. */
    private FcmSender patient() throws IOException {
        return sender(
                new FcmSettings(
                        client(),
                        simulators().fcmServiceAccountFile(),
                        simulators().fcmBaseUri(),
                        authority().tls(),
                        PATIENCE,
                        200));
    }

    private List<PushResult> sendAll(PushSender other, List<PushAddress> addresses) {
        return Flux.fromIterable(addresses)
                .flatMap(address -> other.send(push(address, PATIENCE)), 200)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private Trust authority() throws IOException {
        return Trust.in(simulators().certificateAuthorityFile());
    }

    protected final PushResult sendTo(URI endpoint) throws IOException {
        try (var other = sender(simulators().fcmServiceAccountFile(), endpoint)) {
            return sendBy(other);
        }
    }

    private PushResult sendBy(PushSender other) {
        return Objects.requireNonNull(other.send(push(freshAddress(), LEFT)).block());
    }

    /** A service account whose tokens are to be had there. */
    private Path account(Path folder, URI tokens) throws IOException {
        var text = Files.readString(simulators().fcmServiceAccountFile());
        var known = simulators().fcmBaseUri().resolve("/token").toString();
        assertThat(text).contains(known);
        return Files.writeString(
                folder.resolve("account.json"), text.replace(known, tokens.toString()));
    }

    /** A service account that nobody knows. */
    private Path stranger(Path folder) throws IOException {
        var text = Files.readString(simulators().fcmServiceAccountFile());
        return Files.writeString(
                folder.resolve("stranger.json"), text.replace("nod@", "stranger@"));
    }

    @BeforeAll
    void open() throws IOException {
        sender = sender(simulators().fcmServiceAccountFile(), simulators().fcmBaseUri());
    }

    @AfterAll
    void close() throws IOException {
        sender.close();
    }

    @Override
    protected PushSender sender() {
        return sender;
    }

    @Override
    protected Simulators simulators() {
        return Simulated.providers();
    }

    @Override
    protected Provider provider() {
        return Provider.FCM;
    }

    @Override
    protected PushAddress freshAddress() {
        return PushAddress.of("token-" + UUID.randomUUID(), "android");
    }

    @Override
    protected Fault deadKey() {
        return new Fault.FcmError(FcmErrorCode.UNREGISTERED);
    }

    @Override
    protected Fault badPush() {
        return new Fault.FcmError(FcmErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void aMalformedKeyIsDeadAsWell() {
        var address = PushAddress.of("not a token", "android");

        assertThat(send(address)).isEqualTo(Rejected.key("INVALID_ARGUMENT", null));
    }

    @Test
    void aKeyOfAnotherProjectIsNotDead() {
        assertThat(sendDuring(new Fault.FcmError(FcmErrorCode.SENDER_ID_MISMATCH)))
                .isEqualTo(Rejected.push("SENDER_ID_MISMATCH"));
    }

    @Test
    void retryAfterIsHeard() {
        var wait = Duration.ofSeconds(7);

        assertThat(sendDuring(new Fault.TooManyRequests(wait)))
                .isEqualTo(TryAgain.patience("QUOTA_EXCEEDED", wait));
        assertThat(sendDuring(new Fault.ServerError(503, wait)))
                .isEqualTo(TryAgain.outage("UNAVAILABLE", wait));
        assertThat(sendDuring(new Fault.ServerError(500, wait)))
                .isInstanceOfSatisfying(
                        TryAgain.class, again -> assertThat(again.retryAfter()).isEqualTo(wait));
    }

    @Test
    void aQuotaWithoutAWaitMeansAMinute() {
        assertThat(sendDuring(new Fault.TooManyRequests(null)))
                .isEqualTo(TryAgain.patience("QUOTA_EXCEEDED", Duration.ofMinutes(1)));
    }

    @Test
    void firebasesOwnTroubleWithAppleIsNotEverybodys() {
        assertThat(sendDuring(new Fault.FcmError(FcmErrorCode.THIRD_PARTY_AUTH_ERROR)))
                .isEqualTo(new CredentialsRefused("THIRD_PARTY_AUTH_ERROR", false));
    }

    @Test
    void anExpiredAccessTokenIsFetchedAnewWithoutAWord() {
        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
        simulators().revokeFcmAccessTokens();

        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
    }

    @Test
    void anUnknownServiceAccountIsRefused(@TempDir Path folder) throws IOException {
        try (var refused = sender(stranger(folder), simulators().fcmBaseUri())) {
            assertThat(sendBy(refused)).isInstanceOf(CredentialsRefused.class);
        }
    }

    /** An access token costs a new process a second and more. */
    @Test
    void theFirstPushFindsAnAccessTokenOfThePreparation(@TempDir Path folder) throws IOException {
        var token = "{\"access_token\":\"a\",\"expires_in\":3600,\"token_type\":\"Bearer\"}";
        try (var tokens = OddFcm.at("localhost", OddFcm.text(200, token));
                var fcm = OddFcm.at("localhost", OddFcm.text(200, "{\"name\":\"taken\"}"));
                var sender = sender(account(folder, tokens.uri()), fcm.uri())) {
            assertThat(sender.prepare().block()).isNull();
            assertThat(tokens.requests()).isEqualTo(1);
            assertThat(fcm.requests()).as("one for each connection").isEqualTo(2);

            assertThat(sendBy(sender)).isEqualTo(new Accepted("taken"));
            assertThat(tokens.requests()).isEqualTo(1);
        }
    }

    @Test
    void thePreparationReachesNoPhone() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.text(200, "{\"name\":\"taken\"}"));
                var sender = sender(simulators().fcmServiceAccountFile(), fcm.uri())) {
            assertThat(sender.prepare().block()).isNull();
            assertThat(fcm.bodies()).isNotEmpty().allMatch(FcmSenderContract::isOnlyValidated);

            sendBy(sender);
            assertThat(fcm.bodies().getLast()).matches(body -> !isOnlyValidated(body));
        }
    }

    private static boolean isOnlyValidated(String body) {
        return JsonMapper.builder().build().readTree(body).path("validate_only").asBoolean(false);
    }

    @Test
    void whatIsMissingIsToldBeforeThereIsAPush(@TempDir Path folder) throws IOException {
        try (var refused = sender(stranger(folder), simulators().fcmBaseUri())) {
            assertThat(refused.prepare().block()).isInstanceOf(CredentialsRefused.class);
        }
        var account = simulators().fcmServiceAccountFile();
        try (var alone = sender(account, URI.create("https://localhost:1"))) {
            assertThat(alone.prepare().block()).isEqualTo(TryAgain.outage("no_connection", null));
        }
        try (var fcm = OddFcm.at("localhost", OddFcm.endless());
                var waiting = sender(account, fcm.uri())) {
            assertThat(waiting.prepare().block()).isEqualTo(TryAgain.outage("timeout", null));
        }
    }

    @Test
    void nobodyThereMayBeTriedAgain() throws IOException {
        assertThat(sendTo(URI.create("https://localhost:1")))
                .isEqualTo(TryAgain.outage("no_connection", null));
    }

    @Test
    void aNameThatNobodyKnowsMayBeTriedAgain() throws IOException {
        assertThat(sendTo(URI.create("https://nobody.invalid")))
                .isEqualTo(TryAgain.outage("no_connection", null));
    }

    @Test
    void whoeverTheAuthoritiesDoNotVouchForGetsNoPush() throws IOException {
        var account = simulators().fcmServiceAccountFile();

        try (var wary = sender(account, simulators().fcmBaseUri(), Trust.DEFAULT)) {
            assertThat(sendBy(wary)).isEqualTo(TryAgain.outage("connection_failed", null));
        }
        try (var fcm = OddFcm.at("127.0.0.2", OddFcm.text(200, "{\"name\":\"taken\"}"))) {
            assertThat(sendTo(fcm.uri())).isEqualTo(TryAgain.outage("connection_failed", null));
            assertThat(fcm.requests()).isZero();
        }
    }

    @Test
    void whoAcceptsAConnectionAndSaysNothingEndsWithTheTimeout() throws IOException {
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(sendTo(URI.create("https://localhost:" + mute.getLocalPort())))
                    .isEqualTo(TryAgain.outage("timeout", null));
        }
    }

    @ParameterizedTest
    @MethodSource("oddAnswers")
    void whatIsNotInFcmsWordsIsJudgedByItsStatus(
            int status, String body, String retryAfter, PushResult meaning) throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.text(status, body, retryAfter))) {
            assertThat(sendTo(fcm.uri())).isEqualTo(meaning);
        }
    }

    static Stream<Arguments> oddAnswers() {
        var minute = Duration.ofMinutes(1);
        var wait = Duration.ofSeconds(9);
        var foreign = "{\"error\":{\"details\":[{\"errorCode\":\"UNREGISTERED\"}]}}";
        var unknown =
                "{\"error\":{\"details\":[{\"@type\":\"type.googleapis.com/"
                        + "google.firebase.fcm.v1.FcmError\",\"errorCode\":\"NEWER\"}]}}";
        return Stream.of(
                Arguments.of(200, "<html>", "", new Accepted("unknown")),
                Arguments.of(400, "<html>", "", Rejected.push("http_400")),
                Arguments.of(404, foreign, "", Rejected.push("http_404")),
                Arguments.of(400, unknown, "", Rejected.push("http_400")),
                Arguments.of(403, "<html>", "", new CredentialsRefused("http_403", true)),
                Arguments.of(401, "", "", new CredentialsRefused("http_401", true)),
                Arguments.of(408, "", "9", TryAgain.outage("http_408", wait)),
                Arguments.of(429, "[]", "", TryAgain.patience("http_429", minute)),
                Arguments.of(429, "null", "9", TryAgain.patience("http_429", wait)),
                Arguments.of(500, "\u0000\u0001{", "9", TryAgain.outage("http_500", wait)),
                Arguments.of(502, "{\"error\":{}}", "x", TryAgain.outage("http_502", null)),
                Arguments.of(503, "<html>", "9", TryAgain.outage("UNAVAILABLE", wait)));
    }

    @Test
    void anAnswerThatBreaksOffMayBeTriedAgain() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.breakingOff())) {
            assertThat(sendTo(fcm.uri())).isEqualTo(TryAgain.outage("connection_failed", null));
        }
    }

    @Test
    void anAnswerThatDoesNotEndEndsWithTheTimeout() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.endless())) {
            assertThat(sendTo(fcm.uri())).isEqualTo(TryAgain.outage("timeout", null));
        }
    }

    /** As FCM does when it moves away: what is under way is answered, the next one asks anew. */
    @Test
    void aConnectionThatSaysGoodbyeCostsNoPush() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.goodbye("{\"name\":\"taken\"}"));
                var sender = sender(simulators().fcmServiceAccountFile(), fcm.uri())) {
            for (int i = 0; i < 5; i++) {
                assertThat(sendBy(sender)).isEqualTo(new Accepted("taken"));
            }
            assertThat(fcm.requests()).isEqualTo(5);
        }
    }

    @Test
    void aProviderThatCameBackIsReachedAgain() throws IOException {
        var good = OddFcm.text(200, "{\"name\":\"taken\"}");
        var fcm = OddFcm.at("localhost", good);
        try (var sender = sender(simulators().fcmServiceAccountFile(), fcm.uri())) {
            assertThat(sendBy(sender)).isEqualTo(new Accepted("taken"));
            fcm.close();
            assertThat(sendBy(sender)).isInstanceOf(TryAgain.class);
            fcm = OddFcm.at("localhost", fcm.uri().getPort(), good);
            assertThat(sendBy(sender)).isEqualTo(new Accepted("taken"));
        } finally {
            fcm.close();
        }
    }

    @Test
    void aTokenEndpointThatFailsIsAnOutageAndIsHeard(@TempDir Path folder) throws IOException {
        try (var tokens = OddFcm.at("localhost", OddFcm.text(500, "<html>", "9"));
                var sender = sender(account(folder, tokens.uri()), simulators().fcmBaseUri())) {
            assertThat(sendBy(sender))
                    .isEqualTo(TryAgain.outage("no_access_token", Duration.ofSeconds(9)));
        }
    }

    @Test
    void aTokenEndpointThatIsAwayOrMuteIsAnOutage(@TempDir Path folder) throws IOException {
        var nobody = account(folder, URI.create("https://localhost:1"));
        try (var sender = sender(nobody, simulators().fcmBaseUri())) {
            assertThat(sendBy(sender)).isEqualTo(TryAgain.outage("no_connection", null));
        }
        try (var tokens = OddFcm.at("localhost", OddFcm.endless());
                var sender = sender(account(folder, tokens.uri()), simulators().fcmBaseUri())) {
            assertThat(sendBy(sender)).isEqualTo(TryAgain.outage("timeout", null));
        }
    }

    /** All find out at once: those that come late must not give up, nor fetch for ever. */
    @Test
    void manyPushesSurviveATokenThatIsTakenAway() throws IOException {
        try (var sender = patient()) {
            assertThat(sendBy(sender)).isInstanceOf(Accepted.class);
            simulators().revokeFcmAccessTokens();

            assertThat(sendAll(sender, addresses(150)))
                    .hasSize(150)
                    .allMatch(Accepted.class::isInstance);
        }
    }

    @Test
    void moreThanOneConnectionCarriesArriveEachOnce() throws IOException {
        var addresses = addresses(600);

        try (var sender = patient()) {
            assertThat(sendAll(sender, addresses))
                    .hasSize(600)
                    .allMatch(Accepted.class::isInstance);
        }

        assertThat(addresses)
                .allSatisfy(
                        address ->
                                assertThat(simulators().inbox(provider()).received(address.key()))
                                        .hasSize(1));
    }

    private List<PushAddress> addresses(int number) {
        return Stream.generate(this::freshAddress).limit(number).toList();
    }

    /** So that no phone can tell who sent it. */
    @Test
    void writesWhatEveryOtherClientWrites() throws IOException {
        var push = push(freshAddress(), LEFT);

        for (var client : FcmSettings.Client.values()) {
            try (var sender =
                    sender(
                            client,
                            simulators().fcmServiceAccountFile(),
                            simulators().fcmBaseUri(),
                            authority())) {
                assertThat(sender.send(push).block()).isInstanceOf(Accepted.class);
            }
        }

        var received = simulators().inbox(provider()).received(push.address().key());
        assertThat(received).hasSize(FcmSettings.Client.values().length);
        assertThat(received).extracting(Received::text).containsOnly(received.getFirst().text());
        for (var header : List.of("content-type", "x-goog-api-format-version")) {
            assertThat(received)
                    .extracting(one -> one.request().header(header))
                    .containsOnly(received.getFirst().request().header(header))
                    .doesNotContainNull();
        }
    }

    @Test
    void arrivesAsTheContractSaysOverHttp2() {
        var address = freshAddress();
        var push = push(address, Duration.ofMillis(33_900));

        assertThat(send(push)).isInstanceOf(Accepted.class);

        var received = simulators().inbox(provider()).received(address.key()).getFirst();
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        var message = JsonMapper.builder().build().readTree(received.text()).path("message");
        assertThat(message.path("token").stringValue()).isEqualTo(address.key());
        assertThat(message.path("android").path("ttl").stringValue()).isEqualTo("33s");
        assertThat(message.path("android").path("priority").stringValue()).isEqualTo("high");
        assertThat(message.path("data").path("tx_id").stringValue())
                .isEqualTo(prompt(push).txId().toString());
    }
}
