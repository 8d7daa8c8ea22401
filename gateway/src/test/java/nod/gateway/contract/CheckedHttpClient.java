package nod.gateway.contract;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's client, every exchange with the gateway held against the contract. A violation is
 * thrown to the caller once the body is there; where the caller takes the body as it comes, the
 * test that runs then fails.
 */
public final class CheckedHttpClient extends HttpClient {

    private final HttpClient client;
    private final Contract contract;
    private final String gateway;
    private final Set<String> elsewhere;

    private CheckedHttpClient(
            HttpClient.Builder client, Contract contract, URI gateway, URI... elsewhere) {
        this.client =
                client.version(Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
        this.contract = contract;
        this.gateway = gateway.getRawAuthority();
        this.elsewhere = Stream.of(elsewhere).map(URI::getRawAuthority).collect(Collectors.toSet());
    }

    /**
     * A client of that gateway.
     *
     * @param elsewhere other servers that it may reach, unchecked: they are no gateway
     */
    public static HttpClient of(URI gateway, URI... elsewhere) {
        return of(new Contract(), gateway, elsewhere);
    }

    /** The same, with a contract that says afterwards what was served. */
    public static HttpClient of(Contract contract, URI gateway, URI... elsewhere) {
        return new CheckedHttpClient(HttpClient.newBuilder(), contract, gateway, elsewhere);
    }

    /** The same, of a gateway that speaks TLS. */
    public static HttpClient of(SSLContext tls, URI gateway, URI... elsewhere) {
        return new CheckedHttpClient(
                HttpClient.newBuilder().sslContext(tls), new Contract(), gateway, elsewhere);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        if (isElsewhere(request)) {
            return client.send(request, handler);
        }
        var recording = new Recording<>(request, handler, contract);
        var response = client.send(request, recording);
        recording.failIfViolated();
        return response;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler, null);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        if (isElsewhere(request)) {
            return client.sendAsync(request, handler, pushes);
        }
        var recording = new Recording<>(request, handler, contract);
        return client.sendAsync(request, recording, pushes)
                .thenApply(
                        response -> {
                            recording.failIfViolated();
                            return response;
                        });
    }

    private boolean isElsewhere(HttpRequest request) {
        var authority = request.uri().getRawAuthority();
        if (!authority.equals(gateway) && !elsewhere.contains(authority)) {
            throw new IllegalArgumentException(
                    "expected a request to %s or one of %s, got %s"
                            .formatted(gateway, elsewhere, request.uri()));
        }
        return !authority.equals(gateway);
    }

    static HttpHeaders headers(java.net.http.HttpHeaders headers) {
        var copy = new HttpHeaders();
        headers.map().forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return copy;
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void shutdown() {
        client.shutdown();
    }

    @Override
    public boolean awaitTermination(Duration atMost) throws InterruptedException {
        return client.awaitTermination(atMost);
    }

    @Override
    public boolean isTerminated() {
        return client.isTerminated();
    }

    @Override
    public void shutdownNow() {
        client.shutdownNow();
    }

    @Override
    public void close() {
        client.close();
    }
}
