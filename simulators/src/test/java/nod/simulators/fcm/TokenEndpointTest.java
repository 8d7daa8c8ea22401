package nod.simulators.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenEndpointTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
    private static final String TOKEN_URI = "https://localhost:8443/token";

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final AccessTokens tokens = new AccessTokens(clock);
    private ServiceAccount account;
    private TokenEndpoint endpoint;

    @BeforeAll
    void start(@TempDir Path folder) {
        account = ServiceAccount.findOrCreate(folder, "nod-simulated");
        endpoint =
                new TokenEndpoint(
                        account, Pattern.compile(Pattern.quote(TOKEN_URI)), tokens, clock);
    }

    @Test
    void givesATokenForAnHourToWhoSignsWithTheAccountsKey() throws Exception {
        Reaction.Answer answer = ask(GRANT, jwt("RS256", account.email(), TOKEN_URI, 0, 3600));

        assertThat(answer.status()).isEqualTo(200);
        var json = JSON.readTree(answer.body());
        assertThat(json.path("token_type").asString()).isEqualTo("Bearer");
        assertThat(json.path("expires_in").asInt()).isEqualTo(3599);
        assertThat(tokens.grant(json.path("access_token").asString()).orElseThrow())
                .isEqualTo(new AccessTokens.Grant(NOW.plusSeconds(3599), SCOPE))
                .matches(AccessTokens.Grant::allowsMessaging);
    }

    @Test
    void takesTheAudienceThatGooglesLibraryAlwaysWrites() throws Exception {
        String jwt = jwt("RS256", account.email(), "https://oauth2.googleapis.com/token", 0, 3600);

        assertThat(ask(GRANT, jwt).status()).isEqualTo(200);
    }

    @Test
    void refusesAnotherAudience() throws Exception {
        assertInvalid(jwt("RS256", account.email(), "https://else.example/", 0, 3600), "aud");
    }

    @Test
    void refusesAnotherIssuer() throws Exception {
        assertInvalid(jwt("RS256", "else@example.org", TOKEN_URI, 0, 3600), "account not found");
    }

    @Test
    void refusesWhatIsExpiredOrNotYetIssuedOrTooLong() throws Exception {
        assertInvalid(jwt("RS256", account.email(), TOKEN_URI, -7200, -3600), "short-lived");
        assertInvalid(jwt("RS256", account.email(), TOKEN_URI, 900, 1800), "short-lived");
        assertInvalid(jwt("RS256", account.email(), TOKEN_URI, 0, 7200), "short-lived");
    }

    @Test
    void refusesAnotherAlgorithm() throws Exception {
        assertInvalid(jwt("none", account.email(), TOKEN_URI, 0, 3600), "alg");
    }

    @Test
    void refusesWhatWasChangedAfterSigning() throws Exception {
        String[] parts = jwt("RS256", account.email(), TOKEN_URI, 0, 3600).split("\\.");
        String claims = claims(account.email(), TOKEN_URI, 0, 3599);

        assertInvalid(parts[0] + "." + base64(claims) + "." + parts[2], "Signature");
        assertInvalid(parts[0] + "." + parts[1] + ".AAAA", "Signature");
    }

    @Test
    void refusesWhatIsNoJwt() throws Exception {
        assertInvalid("nothing", "three parts");
        assertInvalid("%%.%%.%%", "base64url");
        assertInvalid("AAAA.AAAA.AAAA", "not JSON");
    }

    @Test
    void refusesAnotherGrantType() throws Exception {
        Reaction.Answer answer = ask("password", "x");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(text(answer)).contains("unsupported_grant_type");
    }

    private void assertInvalid(String jwt, String why) {
        Reaction.Answer answer = ask(GRANT, jwt);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(text(answer)).contains("\"error\":\"invalid_grant\"", why);
    }

    private Reaction.Answer ask(String grantType, String assertion) {
        String form =
                "grant_type=%s&assertion=%s".formatted(escaped(grantType), escaped(assertion));
        return endpoint.answer(
                new WireRequest(
                        "HTTP/2.0",
                        "POST",
                        "/token",
                        Map.of(),
                        form.getBytes(StandardCharsets.UTF_8)));
    }

    private String jwt(String algorithm, String issuer, String audience, long issued, long expires)
            throws Exception {
        String header = "{\"alg\":\"%s\",\"typ\":\"JWT\"}".formatted(algorithm);
        String content = base64(header) + "." + base64(claims(issuer, audience, issued, expires));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(account.privateKey());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + Base64.getUrlEncoder().encodeToString(signature.sign());
    }

    private static String claims(String issuer, String audience, long issued, long expires) {
        return "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"scope\":\"%s\"}"
                .formatted(
                        issuer,
                        audience,
                        NOW.getEpochSecond() + issued,
                        NOW.getEpochSecond() + expires,
                        SCOPE);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String text(Reaction.Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
