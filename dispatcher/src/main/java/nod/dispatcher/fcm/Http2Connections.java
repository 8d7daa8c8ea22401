package nod.dispatcher.fcm;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * The connections to FCM: opened when they are needed, and each carrying as many requests at a time
 * as FCM allows. A request that finds no room waits for as long as its caller does.
 */
final class Http2Connections implements AutoCloseable {

    /** As the JDK's client has it. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /** Who calls bounds how many wait, and for how long: the pool itself does neither. */
    private static final int ANY_NUMBER = -1;

    private static final Duration ANY_TIME = Duration.ZERO;

    private final ConnectionProvider connections;
    private final LoopResources threads;
    private final HttpClient client;

    /** Opens none yet. */
    Http2Connections(FcmSettings settings) {
        this.connections = pool(settings.connections());
        this.threads = LoopResources.create("fcm", threads(settings.connections()), true);
        this.client =
                HttpClient.create(connections)
                        .runOn(threads)
                        .protocol(HttpProtocol.H2)
                        .disableRetry(true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(settings.timeout().toMillis()))
                        .secure(
                                tls ->
                                        tls.sslContext(http2(settings.tls()))
                                                .handshakeTimeout(settings.timeout()));
    }

    private static ConnectionProvider pool(int connections) {
        var strategy =
                Http2AllocationStrategy.builder()
                        .maxConnections(connections)
                        .maxConcurrentStreams(FcmSettings.STREAMS_A_CONNECTION)
                        .build();
        return ConnectionProvider.builder("fcm")
                .allocationStrategy(strategy)
                .pendingAcquireMaxCount(ANY_NUMBER)
                .pendingAcquireTimeout(ANY_TIME)
                .maxIdleTime(MAX_IDLE)
                .build();
    }

    private static int threads(int connections) {
        return Math.min(connections, Runtime.getRuntime().availableProcessors());
    }

    /** Trusts whom the JDK's does; HTTP/2 is agreed upon in the handshake, or there is none. */
    private static SslContext http2(SSLContext tls) {
        var alpn =
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2);
        return new JdkSslContext(
                tls,
                true,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                alpn,
                ClientAuth.NONE,
                null,
                false);
    }

    HttpClient client() {
        return client;
    }

    /** What is under way fails. */
    @Override
    public void close() {
        connections.dispose();
        threads.disposeLater(Duration.ZERO, SHUTDOWN).block(SHUTDOWN);
    }
}
