package nod.dispatcher.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/**
 * Lets the Google SDKs speak HTTP/2 over few connections that are kept, through the JDK's client.
 *
 * <p>A call takes the connection that has the fewest under way. An interrupted call takes its
 * request back from the provider's connection, so that unanswered ones do not fill it up. An answer
 * 503 is thrown as {@link ServiceUnavailableException}.
 */
final class JdkHttpTransport extends HttpTransport {

    private record Lane(HttpClient client, AtomicInteger inFlight) {}

    private final List<Lane> lanes;
    private final UnaryOperator<URI> redirect;
    private final Duration timeout;

    /**
     * @param connections as many as FCM wants for the calls that run at a time
     * @param timeout for the connection, and then for the answer
     * @param tls whom to trust
     * @param redirect where a request for this address really goes
     */
    JdkHttpTransport(
            int connections, Duration timeout, SSLContext tls, UnaryOperator<URI> redirect) {
        this.lanes = Stream.generate(() -> lane(timeout, tls)).limit(connections).toList();
        this.redirect = redirect;
        this.timeout = timeout;
    }

    private static Lane lane(Duration timeout, SSLContext tls) {
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeout)
                        .sslContext(tls)
                        .build();
        return new Lane(client, new AtomicInteger());
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        var request = HttpRequest.newBuilder(redirect.apply(URI.create(url))).timeout(timeout);
        return new Request(method, request);
    }

    @Override
    public void shutdown() {
        lanes.forEach(lane -> lane.client().shutdownNow());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        var lane =
                lanes.stream().min(Comparator.comparingInt(l -> l.inFlight().get())).orElseThrow();
        lane.inFlight().incrementAndGet();
        try {
            return lane.client().send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the call was taken back");
        } finally {
            lane.inFlight().decrementAndGet();
        }
    }

    private final class Request extends LowLevelHttpRequest {

        private final String method;
        private final HttpRequest.Builder request;

        Request(String method, HttpRequest.Builder request) {
            this.method = method;
            this.request = request;
        }

        @Override
        public void addHeader(String name, String value) {
            request.header(name, value);
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            if (getContentType() != null) {
                request.header("Content-Type", getContentType());
            }
            if (getContentEncoding() != null) {
                request.header("Content-Encoding", getContentEncoding());
            }
            var response = send(request.method(method, body()).build());
            if (response.statusCode() == 503) {
                throw new ServiceUnavailableException(
                        response.headers().firstValue("retry-after").orElse(null));
            }
            return new Response(response);
        }

        private HttpRequest.BodyPublisher body() throws IOException {
            if (getStreamingContent() == null) {
                return BodyPublishers.noBody();
            }
            var bytes = new ByteArrayOutputStream();
            getStreamingContent().writeTo(bytes);
            return BodyPublishers.ofByteArray(bytes.toByteArray());
        }
    }

    private static final class Response extends LowLevelHttpResponse {

        private record Header(String name, String value) {}

        private final HttpResponse<byte[]> response;
        private final List<Header> headers;

        Response(HttpResponse<byte[]> response) {
            this.response = response;
            this.headers =
                    response.headers().map().entrySet().stream()
                            // HTTP/2's own, such as :status
                            .filter(entry -> !entry.getKey().startsWith(":"))
                            .flatMap(
                                    entry ->
                                            entry.getValue().stream()
                                                    .map(
                                                            value ->
                                                                    new Header(
                                                                            entry.getKey(), value)))
                            .toList();
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(response.body());
        }

        @Override
        public @Nullable String getContentEncoding() {
            return response.headers().firstValue("content-encoding").orElse(null);
        }

        @Override
        public long getContentLength() {
            return response.body().length;
        }

        @Override
        public @Nullable String getContentType() {
            return response.headers().firstValue("content-type").orElse(null);
        }

        @Override
        public String getStatusLine() {
            return "HTTP/2 " + response.statusCode();
        }

        @Override
        public int getStatusCode() {
            return response.statusCode();
        }

        @Override
        public @Nullable String getReasonPhrase() {
            return null;
        }

        @Override
        public int getHeaderCount() {
            return headers.size();
        }

        @Override
        public String getHeaderName(int index) {
            return headers.get(index).name();
        }

        @Override
        public String getHeaderValue(int index) {
            return headers.get(index).value();
        }
    }
}
