package nod.standalone.faults;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.SocketFactory;

/**
 * A piece of network between two parts: a TCP proxy on loopback that does to connections what a bad
 * network does. With several targets it spreads connections over them, as a load balancer does.
 * Safe for any number of threads.
 */
public final class Link implements AutoCloseable {

    /** How the network is. */
    public enum State {
        OPEN,
        /** Every piece of data arrives late, in order. */
        SLOW,
        /** Connections are reset, and so are new ones. */
        CUT,
        /** Connections stay and nothing arrives, in either direction, until it is over. */
        SILENT,
        /** What the caller sends does not arrive until it is over; answers do. */
        NO_REQUESTS,
        /** Requests arrive; what comes back does not until it is over. */
        NO_ANSWERS;

        private boolean holds(boolean request) {
            return this == SILENT || this == (request ? NO_REQUESTS : NO_ANSWERS);
        }
    }

    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int BUFFER = 16 * 1024;

    private final String name;
    private final ServerSocket server;
    private final List<Integer> targets;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN;

    /**
     * Begins to listen on any free port.
     *
     * @param name as the report calls it
     * @param ports of loopback, where connections lead
     */
    Link(String name, Integer... ports) {
        this.name = name;
        this.targets = new CopyOnWriteArrayList<>(ports);
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        Thread.ofVirtual().name(name).start(this::accept);
    }

    String name() {
        return name;
    }

    /** Where the caller connects. */
    int port() {
        return server.getLocalPort();
    }

    /** Changes the network, for open connections as well. */
    public void set(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (next == State.CUT) {
            sockets.forEach(Link::reset);
        }
    }

    /** New connections no longer lead there; open ones stay. */
    void leaveOut(int port) {
        targets.remove((Integer) port);
    }

    /** New connections lead there again. */
    void takeIn(int port) {
        targets.add(port);
    }

    private State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var caller = server.accept();
                Thread.ofVirtual().name(name).start(() -> connect(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket caller) {
        if (state() == State.CUT) {
            reset(caller);
            return;
        }
        for (int tried = 0; tried < targets.size(); tried++) {
            var target = target();
            if (target != null) {
                join(caller, target);
                return;
            }
        }
        reset(caller);
    }

    private @Nullable Socket target() {
        var ports = List.copyOf(targets);
        if (ports.isEmpty()) {
            return null;
        }
        var port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
        try {
            return SocketFactory.getDefault().createSocket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException nobodyThere) {
            return null;
        }
    }

    private void join(Socket caller, Socket target) {
        sockets.add(caller);
        sockets.add(target);
        var requests = Thread.ofVirtual().name(name).start(() -> pump(caller, target, true));
        pump(target, caller, false);
        try {
            requests.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget(caller);
            forget(target);
        }
    }

    private void pump(Socket from, Socket to, boolean request) {
        try {
            from.setTcpNoDelay(true);
            copy(from.getInputStream(), to.getOutputStream(), request);
            to.shutdownOutput();
        } catch (IOException broken) {
            reset(from);
            reset(to);
        }
    }

    private void forget(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // That is what was wanted.
        }
    }

    private void copy(InputStream from, OutputStream to, boolean request) throws IOException {
        var buffer = new byte[BUFFER];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            awaitPassage(request);
            to.write(buffer, 0, read);
            to.flush();
        }
        awaitPassage(request);
    }

    private void awaitPassage(boolean request) throws IOException {
        lock.lock();
        try {
            while (state.holds(request)) {
                changed.await();
            }
            var left = DELAY_NANOS;
            while (state == State.SLOW && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** With a reset rather than an orderly end, as a network that is gone would seem. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyGone) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        sockets.forEach(Link::reset);
    }
}
