package nod.gateway.security;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;

import nod.gateway.RunningGateway;
import nod.gateway.security.jwt.Issuer;
import nod.messaging.testing.Apart;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Deployments that take JWTs in other ways, a gateway at a time. */
@Apart
class JwtDeploymentsIT {

    private static final String PATH = "/authenticators/mobile/";
    private static final RSAKey KEY = Issuer.rsa("rsa-1");

    @Test
    void letsAnOwnerEnrolForHimselfWhereTheDeploymentWantsIt() {
        try (var issuer = Issuer.start().publish(KEY);
                var open = RunningGateway.start(TestServers.apart(), enrolling(issuer))) {
            var hal = open.client(jwt("hal", Issuer.OWNER));

            begin(hal, "hal").expectStatus().isCreated();
            assertForbidden(
                    begin(hal, "ida"), "You do not have permission to perform this action.");
            begin(hal, "").expectStatus().isBadRequest();
        }
    }

    @Test
    void saysThatItCannotTellUntilTheIssuerIsThere() {
        try (var late = Issuer.start();
                var waiting = RunningGateway.start(TestServers.apart(), late.settings())) {
            var client = waiting.client(jwt("7", Issuer.DEPLOYMENT));

            client.get()
                    .uri(PATH)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", "5")
                    .expectBody()
                    .json("{\"detail\": \"The keys of the JWT's issuer can't be had.\"}");
            waiting.deployment().get().uri(PATH).exchange().expectStatus().isOk();

            late.publish(KEY);
            await().atMost(Duration.ofSeconds(7))
                    .untilAsserted(() -> client.get().uri(PATH).exchange().expectStatus().isOk());
        }
    }

    @Test
    void takesNoJwtWithoutAnIssuer() {
        try (var without = RunningGateway.start(TestServers.apart())) {
            assertForbidden(
                    without.client(jwt("7", Issuer.DEPLOYMENT)).get().uri(PATH).exchange(),
                    "Token invalid/expired");
        }
    }

    private static Map<String, String> enrolling(Issuer issuer) {
        var settings = new HashMap<>(issuer.settings());
        settings.put("nod.gateway.jwt.owner-enrollment", "true");
        return settings;
    }

    private static WebTestClient.ResponseSpec begin(WebTestClient client, String user) {
        return client.post().uri(PATH).bodyValue(Map.of("user", user)).exchange();
    }

    private static void assertForbidden(WebTestClient.ResponseSpec answer, String detail) {
        answer.expectStatus().isForbidden().expectBody().json("{\"detail\": \"" + detail + "\"}");
    }

    private static String jwt(String subject, String scope) {
        return Issuer.sign(KEY, JWSAlgorithm.RS256, Issuer.claims(subject, scope).build());
    }
}
