package nod.benchmarks.rig;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a service says of itself. Thread-safe. */
final class Actuator {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI address;

    /** Of the service whose management port this is. */
    Actuator(int port) {
        address = URI.create("http://127.0.0.1:" + port + "/actuator/");
    }

    boolean isReady() {
        return page("health/readiness").contains("\"UP\"");
    }

    /** The value of a metric without tags; 0 where nothing is said of it. */
    double metric(String name) {
        return page("prometheus")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Its body; empty where nobody answers in time. */
    private String page(String path) {
        var request = HttpRequest.newBuilder(address.resolve(path)).timeout(LOOK).build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body)
                .exceptionallyCompose(_ -> CompletableFuture.completedFuture(""))
                .join();
    }
}
