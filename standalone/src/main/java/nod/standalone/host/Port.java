package nod.standalone.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A TCP port on loopback that somebody here is about to listen on.
 *
 * @param number 1 to 65535, or 0 for any free one
 * @param purpose what listens there, as a sentence names it: "the gateway's API"
 * @param setting the property that changes it
 */
public record Port(int number, String purpose, String setting) {
    private static final int CONNECT_MILLIS = 500;

    /**
     * This port, shown to be free; with number 0, one that the system picked.
     *
     * @throws StartRefusedException when something else listens there
     */
    public Port reserve() {
        if (number != 0 && isAnsweredBySomebody()) {
            throw taken();
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
            return new Port(socket.getLocalPort(), purpose, setting);
        } catch (IOException e) {
            throw taken();
        }
    }

    /** A free port of loopback, for what nobody configures. */
    public static int anyFree() {
        return new Port(0, "an internal listener", "none").reserve().number();
    }

    // Some systems let two sockets share a port when one of them is bound to all addresses.
    private boolean isAnsweredBySomebody() {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), number),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private StartRefusedException taken() {
        return new StartRefusedException(
                "Port %d for %s is taken: stop what listens there, or set %s to a free port, for example --%s=%d."
                        .formatted(number, purpose, setting, setting, suggestion()));
    }

    private int suggestion() {
        return number + 10_000 <= 65_535 ? number + 10_000 : number - 10_000;
    }
}
