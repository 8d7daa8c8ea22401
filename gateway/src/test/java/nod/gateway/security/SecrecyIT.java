package nod.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;

import nod.gateway.RunningGateway;
import nod.gateway.security.dpop.BoundPhone;
import nod.gateway.security.dpop.TestProof;
import nod.gateway.security.jwt.Issuer;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;

/** No credential is ever in a log, however much is logged. */
@ExtendWith(OutputCaptureExtension.class)
class SecrecyIT {

    @Test
    void logsNoCredential(CapturedOutput output) {
        var key = Issuer.rsa("rsa-1");
        var jwt = Issuer.sign(key, JWSAlgorithm.RS256, Issuer.claims("7", "openid").build());
        var claims = jwt.split("\\.")[1];
        var tokens =
                List.of(
                        RunningGateway.API_KEY,
                        new Tokens().next(),
                        jwt,
                        jwt.replace(claims, claims.substring(4)),
                        Issuer.sign(
                                Issuer.rsa("rsa-1"),
                                JWSAlgorithm.RS256,
                                Issuer.claims("7", Issuer.DEPLOYMENT).build()),
                        "bm90anNvbg.secretsecretsecret.secretsecretsecret");

        var refused = new ArrayList<Integer>();
        try (var issuer = Issuer.start().publish(key);
                var gateway = start(issuer)) {
            for (var token : tokens) {
                for (var path :
                        List.of("", "transactions/", UUID.randomUUID() + "/transactions/")) {
                    refused.add(
                            gateway.client(token)
                                    .get()
                                    .uri("/authenticators/mobile/" + path)
                                    .exchange()
                                    .returnResult(Void.class)
                                    .getStatus()
                                    .value());
                }
            }
        }

        assertThat(refused).allMatch(status -> status < 500);
        assertThat(output.getAll()).contains("A JWT was refused");
        for (var token : tokens) {
            assertThat(output.getAll()).doesNotContain(token);
            assertThat(output.getAll()).doesNotContain(token.substring(token.length() - 12));
        }
        assertThat(output.getAll()).doesNotContain(claims, "secretsecret");
    }

    @Test
    void logsWhoseProofWasRefusedAndWhyButNotTheProof(CapturedOutput output) {
        String proof;
        try (var issuer = Issuer.start();
                var gateway = start(issuer)) {
            var phone = BoundPhone.enrol(gateway, TestProof.p256(), "7");
            proof = phone.proof("GET", "check_in/").sign();
            phone.call(gateway, "POST", "check_in/", null, proof).expectStatus().isForbidden();

            assertThat(output.getAll())
                    .contains(
                            "A call of device "
                                    + phone.device()
                                    + " had no good DPoP proof: request");
        }
        for (var part : proof.split("\\.")) {
            assertThat(output.getAll()).doesNotContain(part.substring(part.length() - 12));
        }
    }

    private static RunningGateway start(Issuer issuer) {
        var settings = new HashMap<>(issuer.settings());
        settings.put("logging.level.nod", "trace");
        settings.put("logging.level.org.springframework.security", "trace");
        settings.put("logging.level.org.springframework.web", "trace");
        return RunningGateway.start(new TestServers(), settings);
    }
}
