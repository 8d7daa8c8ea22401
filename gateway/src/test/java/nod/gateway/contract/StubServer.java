package nod.gateway.contract;

import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A server that answers every request alike, such as no gateway may. */
final class StubServer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpServer server;
    private final CountDownLatch released = new CountDownLatch(1);

    StubServer() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    void answer(int status, @Nullable String type, String text) {
        released.countDown();
        answerInParts(status, type, "", text);
    }

    /** Holds the second part back until {@link #release}. */
    void answerInParts(int status, @Nullable String type, String first, String second) {
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getRequestBody().readAllBytes();
                        if (type != null) {
                            exchange.getResponseHeaders().set("Content-Type", type);
                        }
                        var isEmpty = (first + second).isEmpty();
                        exchange.sendResponseHeaders(status, isEmpty ? -1 : 0);
                        write(exchange.getResponseBody(), first);
                        released.await();
                        write(exchange.getResponseBody(), second);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
    }

    private static void write(OutputStream body, String part) throws IOException {
        if (!part.isEmpty()) {
            body.write(part.getBytes(StandardCharsets.UTF_8));
            body.flush();
        }
    }

    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
