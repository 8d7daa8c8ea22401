package nod.dispatcher.fcm;

import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import com.google.firebase.messaging.Message;

import nod.benchmarks.pieces.Examples;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.seal.HpkeSealing;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A push becomes a message of FCM, and that the JSON that the SDK sends. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FcmMessageBenchmark {

    private final JsonFactory json = GsonFactory.getDefaultInstance();
    private final FcmMessages messages = new FcmMessages(json, new HpkeSealing());
    private final Push push =
            new Push(
                    new PushAddress.FcmRegistrationToken("a-registration-token".repeat(8)),
                    Examples.prompt(),
                    Duration.ofSeconds(60));

    @Benchmark
    public Message build() {
        return messages.of(push).orElseThrow();
    }

    @Benchmark
    public byte[] buildAndWrite() throws IOException {
        return json.toByteArray(build());
    }
}
