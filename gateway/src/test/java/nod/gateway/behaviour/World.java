package nod.gateway.behaviour;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.gateway.security.dpop.BoundPhone;
import nod.gateway.security.dpop.TestProof;
import nod.gateway.security.jwt.Issuer;
import nod.messaging.testing.TestServers;

import org.springframework.test.web.reactive.server.WebTestClient;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A running gateway, its callers, and users that nobody else has. */
final class World implements AutoCloseable {

    private static final AtomicInteger users = new AtomicInteger();
    private static final AtomicInteger networks = new AtomicInteger();

    private final TestServers servers = new TestServers();
    private final RSAKey key = Issuer.rsa("behaviour");
    private final Issuer issuer = Issuer.start().publish(key);
    private final RunningGateway gateway = start();

    /** With the default limit, and callers that are believed where they come from. */
    private RunningGateway start() {
        var settings = new HashMap<>(issuer.settings());
        settings.put("nod.gateway.throttle.credential-failures-per-minute", "60");
        settings.put("nod.gateway.trusted-proxies", "127.0.0.0/8, ::1/128");
        return RunningGateway.start(servers, settings);
    }

    /** Acts for the deployment, by its API key. */
    Client deployment() {
        return new Client(gateway.deployment());
    }

    Client anonymous() {
        return anonymousFrom(newAddress());
    }

    Client anonymousFrom(String address) {
        return from(address, gateway.anonymous());
    }

    Client withToken(String token) {
        return withTokenFrom(newAddress(), token);
    }

    Client withTokenFrom(String address, String token) {
        return from(address, gateway.client(token));
    }

    private static Client from(String address, WebTestClient client) {
        return new Client(client.mutate().defaultHeader("X-Forwarded-For", address).build());
    }

    /** An address that nobody else fails from. */
    String newAddress() {
        return "2001:db8:0:%x::1".formatted(networks.incrementAndGet());
    }

    /** Acts by a JWT with this subject and scope. */
    Client withJwt(String subject, String scope) {
        return withToken(
                Issuer.sign(key, JWSAlgorithm.RS256, Issuer.claims(subject, scope).build()));
    }

    /** The issuer's key, to sign what the issuer would not. */
    RSAKey key() {
        return key;
    }

    /** A user of authentik, by a JWT. */
    Client owner(String user) {
        return withJwt(user, Issuer.OWNER);
    }

    String newUser() {
        return "user-" + users.incrementAndGet();
    }

    Begun begin(String user) {
        return gateway.begin(user);
    }

    /** An enrolled phone, which calls with its device token. */
    record Phone(UUID device, String token, Client client) {

        Client.Answer answer(String txId, String item) {
            return client.post(
                    device + "/receive_response/",
                    "{\"tx_id\": \"%s\", \"selected_item\": \"%s\"}".formatted(txId, item));
        }
    }

    Phone phone(String user) {
        return phone(user, UUID.randomUUID().toString());
    }

    Phone phone(String user, String deviceUid) {
        EnrolledPhone enrolled = gateway.enrol(user, deviceUid);
        return new Phone(enrolled.device(), enrolled.token(), new Client(enrolled.client()));
    }

    /** An enrolled phone that gave a key. */
    BoundPhone boundPhone(String user) {
        return BoundPhone.enrol(gateway, TestProof.p256(), user);
    }

    /** A phone with a key that has only scanned its QR code. */
    BoundPhone scanned(String user) {
        return BoundPhone.scanned(TestProof.p256(), gateway.begin(user));
    }

    /** Sends a phone's callback with a good proof. */
    BoundPhone enrolled(BoundPhone scanned, String deviceUid) {
        return scanned.enrolled(gateway, deviceUid);
    }

    /** A new transaction of a user; returns its tx_id. */
    String start(String user) {
        return deployment()
                .post(
                        "transactions/",
                        "{\"user\": \"%s\", \"item_matching_mode\": \"accept_deny\"}"
                                .formatted(user))
                .is(201)
                .at("/tx_id");
    }

    /** What the phone says of itself, with this host name. */
    static String info(String hostname) {
        return info(hostname, "{}");
    }

    static String info(String hostname, String others) {
        return """
        {"platform": "android", "os_version": "16", "model": "Pixel", "hostname": "%s",
         "app_version": "1.0", "others": %s}
        """
                .formatted(hostname, others);
    }

    static String enrolment(String deviceUid, String hostname) {
        return "{\"device_uid\": \"%s\", \"info\": %s}".formatted(deviceUid, info(hostname));
    }

    String bootstrapServers() {
        return servers.bootstrapServers();
    }

    /** Changes the database behind the gateway's back, as time would. */
    void execute(String sql) {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(sql, refused);
        }
    }

    @Override
    public void close() {
        gateway.close();
        issuer.close();
    }
}
