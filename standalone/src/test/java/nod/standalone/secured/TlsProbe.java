package nod.standalone.secured;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Begins to speak TLS with a server, and says nothing more. */
final class TlsProbe {

    /** The version's number in the protocol. */
    static final int TLS_1_1 = 0x0302;

    static final int TLS_1_2 = 0x0303;

    /** The server's alert that it does not speak that version: fatal, 70. */
    static final String PROTOCOL_VERSION = "alert 0246";

    static final String SERVER_HELLO = "handshake 02";

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ALERT = 21;

    /** What a client of 1.1 or 1.2 may offer for a certificate with a key of P-256. */
    private static final byte[] OFFERED =
            HexFormat.of()
                    .parseHex(
                            // No session; ECDHE_ECDSA with AES-128 in CBC and GCM; no compression.
                            "00"
                                    + "0004"
                                    + "c009"
                                    + "c02b"
                                    + "0100"
                                    // Extensions: P-256, uncompressed points, ECDSA with SHA-256.
                                    + "0016"
                                    + "000a00040002"
                                    + "0017"
                                    + "000b00020100"
                                    + "000d00040002"
                                    + "0403");

    private TlsProbe() {}

    /**
     * The beginning of what the server answers to who speaks no later version than this one. The
     * JVM's own client can no more say it.
     */
    static String answerTo(int version, URI server) throws IOException {
        try (var socket = connect(server)) {
            socket.getOutputStream().write(hello(version));
            var answer = new DataInputStream(socket.getInputStream());
            var kind = answer.readUnsignedByte();
            answer.skipNBytes(4);
            var begin = new byte[kind == ALERT ? 2 : 1];
            answer.readFully(begin);
            return (kind == ALERT ? "alert " : "handshake ") + HexFormat.of().formatHex(begin);
        }
    }

    private static byte[] hello(int version) {
        var length = 2 + 32 + OFFERED.length;
        return ByteBuffer.allocate(9 + length)
                .put((byte) 22)
                .putShort((short) 0x0301)
                .putShort((short) (4 + length))
                .putInt(1 << 24 | length)
                .putShort((short) version)
                .put(new byte[32])
                .put(OFFERED)
                .array();
    }

    /** The number of the certificate that the server shows. */
    static String serial(URI server, SSLContext client) throws IOException {
        try (var socket =
                (SSLSocket)
                        client.getSocketFactory()
                                .createSocket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSerialNumber().toString();
        }
    }

    private static Socket connect(URI server) throws IOException {
        var socket = SocketFactory.getDefault().createSocket(server.getHost(), server.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }
}
