package nod.gateway.security.dpop;

import nod.gateway.security.BearerToken;
import nod.gateway.security.TokenHash;
import nod.gateway.security.Tokens;
import nod.gateway.security.phonekey.MalformedKeyException;
import nod.gateway.security.phonekey.ProofKey;
import nod.simulators.phone.SigningKey;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A request's token becomes what is looked up, and its proof is checked with the phone's key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenCheckBenchmark {

    private static final String URL =
            "https://push.example.org/api/v3/authenticators/mobile/0190b2c4/receive_response/";

    private final String token = new Tokens().next();
    private final List<String> authorization = List.of("Bearer " + token);
    private final SigningKey phone = SigningKey.p256();
    private final String stored = phone.publicKey();
    private final List<String> proof = List.of(phone.proof("POST", URI.create(URL), token));
    private final Instant now = Clock.systemUTC().instant();

    @Benchmark
    public TokenHash token() {
        return BearerToken.of(authorization).hash();
    }

    /** The key is read from its row each time, as a request does. */
    @Benchmark
    public Verdict proof() throws MalformedKeyException {
        var check = new ProofCheck(ProofKey.parse(stored), "POST", URL, TokenHash.of(token));
        return check.of(proof, now);
    }
}
