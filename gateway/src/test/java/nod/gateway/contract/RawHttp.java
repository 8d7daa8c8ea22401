package nod.gateway.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A connection on which anything can be sent, HTTP or not. What comes back is not held against the
 * contract, for the request may be none: the tests say themselves what they expect.
 */
public final class RawHttp implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;

    public RawHttp(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** What came back; status 0 where the connection was closed without an answer. */
    public record Answer(int status, String head, String body) {

        /** Whether it has this header, given in lower case. */
        public boolean hasHeader(String name) {
            return head.lines().anyMatch(line -> line.toLowerCase().startsWith(name + ":"));
        }
    }

    /** Sends this as UTF-8. */
    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends these bytes. */
    public RawHttp send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException closed) {
            // Refused before it was read to the end: the answer, if it still comes, says how.
            return this;
        }
        return this;
    }

    /**
     * Sends this again and again.
     *
     * @return how many bytes were taken until the other side closed the connection, or {@code most}
     */
    public long sendUntilClosed(byte[] bytes, long most) {
        long taken = 0;
        try {
            while (taken < most) {
                socket.getOutputStream().write(bytes);
                taken += bytes.length;
            }
        } catch (IOException closed) {
            return taken;
        }
        return taken;
    }

    /** The answer, read until the connection is closed or the body is whole. */
    public Answer answer() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try {
            while (!isWhole(bytes)) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                bytes.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException none) {
            throw new IOException("no whole answer came: " + bytes, none);
        } catch (SocketException reset) {
            // What came before counts.
        }
        return parsed(bytes.toString(StandardCharsets.ISO_8859_1));
    }

    private static boolean isWhole(ByteArrayOutputStream bytes) {
        var text = bytes.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        return text.substring(0, end)
                .lines()
                .filter(line -> line.toLowerCase().startsWith("content-length:"))
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .anyMatch(length -> text.length() >= end + 4 + length);
    }

    private static Answer parsed(String text) {
        int end = text.indexOf("\r\n\r\n");
        return end < 0
                ? new Answer(0, "", text)
                : new Answer(
                        Integer.parseInt(text.substring(9, 12)),
                        text.substring(0, end),
                        text.substring(end + 4));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
