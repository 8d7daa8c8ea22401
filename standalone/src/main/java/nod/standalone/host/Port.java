package nod.standalone.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

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
     * Where no system takes the local port of a connection from by default: Linux begins at 32768,
     * the others at 49152. Below 20000 are most of the ports that programs are known by.
     */
    private static final int INTERNAL_FIRST = 20_000;

    private static final int INTERNAL_COUNT = 12_768;

    private static final AtomicInteger NEXT_INTERNAL =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(INTERNAL_COUNT));

    /**
     * This port, shown to be free; with number 0, one that the system picked.
     *
     * @throws StartRefusedException when something else listens there
     */
    public Port reserve() {
        return reserve(List.of(this)).getFirst();
    }

    /**
     * These ports, shown to be free and different; see {@link #reserve()}.
     *
     * @return in the order of {@code ports}
     */
    public static List<Port> reserve(List<Port> ports) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            // All are held until each is found, so that none is picked twice.
            for (var port : ports) {
                sockets.add(port.bind());
            }
            return IntStream.range(0, ports.size())
                    .mapToObj(i -> ports.get(i).withNumber(sockets.get(i).getLocalPort()))
                    .toList();
        } finally {
            sockets.forEach(Port::release);
        }
    }

    /**
     * A free port of loopback, for what nobody configures: another one each time, and one that no
     * outgoing connection gets by chance before somebody listens there.
     *
     * @throws IllegalStateException when none is free
     */
    public static int anyFree() {
        for (int i = 0; i < INTERNAL_COUNT; i++) {
            int number =
                    INTERNAL_FIRST + Math.floorMod(NEXT_INTERNAL.getAndIncrement(), INTERNAL_COUNT);
            try {
                return new Port(number, "an internal listener", "none").reserve().number();
            } catch (StartRefusedException taken) {
                // The next one, then.
            }
        }
        throw new IllegalStateException(
                "No port from %d to %d is free on loopback"
                        .formatted(INTERNAL_FIRST, INTERNAL_FIRST + INTERNAL_COUNT - 1));
    }

    private Port withNumber(int picked) {
        return new Port(picked, purpose, setting);
    }

    @SuppressWarnings("resource") // the caller's
    private ServerSocket bind() {
        if (number != 0 && isAnsweredBySomebody()) {
            throw taken();
        }
        try {
            return new ServerSocket(number, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw taken();
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't release port " + socket.getLocalPort(), e);
        }
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
