package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;

import nod.gateway.security.jwt.Issuer;
import nod.standalone.faults.Cluster;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whatever the services log at DEBUG, measure, publish, show and answer: no secret is in it. Every
 * kind of secret passes through every part, in good order and not; then everything that the run
 * left is searched. Each service is a program of its own, as it is delivered.
 */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanaryIT {

    /** Columns that hold secrets readably: who reads the database can push, and answer. */
    private static final Set<String> READABLE =
            Set.of(
                    "column device.push_key",
                    "column device.info",
                    "column transaction.claimed_item");

    /** Those that hold digits. */
    private static final Set<String> READABLE_DIGITS =
            Set.of(
                    "column transaction.item",
                    "column transaction.items",
                    "column transaction.claimed_item");

    private static final Pattern LINE =
            Pattern.compile(
                    "^\\S+ +(\\w+) \\d+ --- \\[[\\w-]+] \\[[^]]*] (\\S+) +: ", Pattern.MULTILINE);

    /** A JWT, an access token of Google's, an Authorization header, a private key. */
    private static final Pattern CREDENTIAL =
            Pattern.compile(
                    "eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{10,}|ya29\\.[\\w-]{10,}"
                            + "|(?i:bearer) [\\w.-]{12,}|-----BEGIN [A-Z ]*PRIVATE KEY");

    private static final Map<String, String> EVERYTHING =
            Map.of("logging.level.root", "debug", "logging.level.nod", "trace");

    private final Canaries canaries = new Canaries();
    private final Produced produced = new Produced();
    private final RSAKey key = Issuer.rsa("canary");
    private final AtomicInteger askedByCollector = new AtomicInteger();
    private HttpServer authentik;
    private Cluster cluster;
    private Issuer issuer;
    private Run run;
    private Leftovers leftovers;
    private LoginStory logins;

    @BeforeAll
    void playTheStory(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        issuer = Issuer.start().publish(key);
        var apiKey = canaries.token("API key of the configuration");
        var gateway = new HashMap<>(EVERYTHING);
        gateway.putAll(issuer.settings());
        gateway.put("nod.gateway.api-keys.canary", apiKey);
        var collector = new HashMap<>(EVERYTHING);
        authentik = startAuthentik();
        collector.put(
                "nod.response-collector.authentik.url",
                "http://localhost:" + authentik.getAddress().getPort());
        collector.put(
                "nod.response-collector.authentik.token",
                canaries.token("token of authentik's API"));
        cluster =
                Cluster.startAsDelivered(
                        folder,
                        Map.of(
                                "gateway", gateway,
                                "dispatcher", EVERYTHING,
                                "response-collector", collector));
        run = new Run(cluster, canaries, produced, apiKey);
        leftovers = new Leftovers(cluster, run.client, produced);
        keepTheSystemsOwnSecrets();
        new CredentialStory(run, key).play(folder.resolve("logs").resolve("command.log"));
        new ProofStory(run).play();
        logins = new LoginStory(run);
        logins.play();
        new OutageStory(run, leftovers).play();
        leftovers.read();
    }

    /** It refuses every token, which the response-collector has to say. */
    private HttpServer startAuthentik() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        askedByCollector.incrementAndGet();
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(403, -1);
                    }
                });
        server.start();
        return server;
    }

    private void keepTheSystemsOwnSecrets() {
        canaries.keep(
                "password of the database",
                Objects.requireNonNull(cluster.databaseSettings().get("spring.flyway.password")));
        var account = Leftovers.text(cluster.simulators.fcmServiceAccountFile());
        var pem = Pattern.compile("\"private_key\" : \"([^\"]+)\"").matcher(account);
        assertThat(pem.find()).isTrue();
        // Before the private exponent stands the modulus, which everybody may know.
        canaries.keepPrivateKey(
                "private key of FCM's service account", pem.group(1).replace("\\n", "\n"), 420);
        canaries.keepPrivateKey(
                "signing key for APNs",
                Leftovers.text(cluster.simulators.apnsSigningKeyFile()),
                48);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        issuer.close();
        authentik.stop(0);
    }

    @Test
    void authentikWasSentItsToken() {
        assertThat(askedByCollector).hasPositiveValue();
    }

    @Test
    void noSecretIsAnywhere() {
        var holding = produced.holding(canaries);
        holding.keySet().removeAll(READABLE);
        // A record is kept as it is, wherever it lies.
        holding.forEach(
                (place, found) -> {
                    if (place.startsWith(Leftovers.TOPIC)) {
                        found.remove(LoginStory.UNDECODABLE);
                    }
                });
        holding.values().removeIf(Map::isEmpty);
        assertThat(holding.entrySet().stream().map(CanaryIT::told)).isEmpty();
    }

    /** Whatever it is, nobody has to see it: one that the test does not know, too. */
    @Test
    void nothingThatLooksLikeACredentialIsAnywhere() {
        assertThat(CREDENTIAL.matcher(produced.in(_ -> true)).results().map(MatchResult::group))
                .isEmpty();
    }

    private static String told(Map.Entry<String, Map<String, String>> place) {
        return place.getValue().entrySet().stream()
                .map(found -> "\n    %s: ...%s...".formatted(found.getKey(), found.getValue()))
                .collect(Collectors.joining("", place.getKey(), "\n"));
    }

    @Test
    void theDigitsOfALoginAreInNoEvent() {
        var events =
                produced.in(
                        place ->
                                place.startsWith(Leftovers.TOPIC)
                                        || place.equals(Leftovers.OUTBOX));
        var lines = events.lines().toList();
        for (var digits : run.digits) {
            var own = lines.stream().filter(line -> line.contains(digits.txId())).toList();
            assertThat(own).as("events of %s", digits).hasSizeGreaterThanOrEqualTo(3);
            assertThat(own).as("events of %s", digits).noneMatch(digits::areToldByEvent);
        }
    }

    /** Whoever logs them once logs them for each login; one may be met by chance. */
    @Test
    void theDigitsOfALoginAreInNoLog() {
        var logs = produced.in(place -> place.startsWith(Leftovers.LOG));
        var lines = logs.lines().toList();
        var byTyping = run.digits.stream().collect(Collectors.partitioningBy(Digits::isTyped));
        var six = byTyping.getOrDefault(true, List.of());
        var three = byTyping.getOrDefault(false, List.of());
        assertThat(six).hasSizeGreaterThan(15);
        assertThat(three).hasSizeGreaterThan(5);
        assertThat(six).allSatisfy(one -> assertThat(one.linesThatTell(lines)).isEmpty());
        assertThat(three.stream().filter(one -> !one.linesThatTell(lines).isEmpty()))
                .as("told beside the login's id")
                .hasSizeLessThan(2);
        var words = Set.copyOf(Digits.words(logs));
        assertThat(six.stream().filter(one -> words.contains(one.right())))
                .as("right ones among %d words of six digits", words.size())
                .hasSizeLessThan(2);
        assertThat(six.stream().filter(one -> words.contains(one.typed())))
                .as("typed ones")
                .hasSizeLessThan(2);
    }

    /** The search for them is that for words, and finds them where they are. */
    @Test
    void theDigitsOfALoginAreInTheirColumnsAlone() {
        var typed = run.digits.stream().filter(Digits::isTyped).map(Digits::right).toList();
        var theirs = Digits.words(produced.in(READABLE_DIGITS::contains));
        var others =
                Digits.words(
                        produced.in(
                                place ->
                                        place.startsWith(Leftovers.COLUMN)
                                                && !READABLE_DIGITS.contains(place)));
        assertThat(theirs).containsAll(typed);
        assertThat(others.stream().filter(typed::contains)).hasSizeLessThan(2);
    }

    @Test
    void nothingIsShownThatIsNotMeantToBe() {
        leftovers.nothingElseIsServed();
    }

    /** What is searched is what was meant, and the search finds what is there. */
    @Test
    void theSearchFindsWhatIsThere() {
        for (var service : cluster.services()) {
            var log = produced.in(place -> place.equals(Leftovers.LOG + service.name()));
            var debugging =
                    LINE.matcher(log)
                            .results()
                            .filter(line -> line.group(1).equals("DEBUG"))
                            .map(line -> line.group(2))
                            .collect(Collectors.toSet());
            assertThat(debugging).as(service.name()).hasSizeGreaterThan(10);
        }
        var known = new Canaries();
        known.keep("a login", logins.doomed());
        assertThat(produced.holding(known).keySet())
                .contains(
                        Leftovers.LOG + "response-collector-1",
                        "topic push.transaction.started.v1",
                        "topic push.response.received.v1",
                        "topic push.response.received.v1.response-collector-dlt",
                        "column transaction.tx_id");
        assertThat(produced.holding(canaries).keySet()).containsAll(READABLE);
        assertThat(
                        produced.in(place -> place.endsWith("-dlt"))
                                .lines()
                                .filter(line -> line.startsWith("nobody")))
                .hasSize(4);
        for (var place :
                List.of(
                        "pages of gateway-1",
                        "pages of dispatcher-1",
                        "pages of response-collector-1")) {
            assertThat(produced.in(place::equals)).contains("jvm_memory_used_bytes", "\"UP\"");
        }
        assertThat(produced.in(Client.REFUSED::equals))
                .contains("Token invalid/expired", "can't be reached");
        assertThat(produced.in(Leftovers.OUTBOX::equals)).contains("push_key_set");
    }
}
