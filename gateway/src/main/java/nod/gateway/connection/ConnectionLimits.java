package nod.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.WriteTimeoutHandler;

import nod.gateway.GatewaySettings;
import nod.gateway.connection.ConnectionCounts.Verdict;
import nod.gateway.connection.RequestDeadlines.Patience;
import nod.gateway.throttle.TrustedProxies;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

import reactor.netty.NettyPipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the connections to the API, for HTTP/1.1. What is refused or cut off is counted and not
 * logged: an attack must not fill the log.
 */
@Component
class ConnectionLimits implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /**
     * An unread body, as of a request that was refused by its head, has the body's time and this.
     */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private static final String CLOSED = "nod.gateway.connections.closed";

    private final GatewaySettings.Connections settings;
    private final ConnectionGate gate;
    private final Patience head;
    private final Patience body;
    private final Counter slowReaders;

    ConnectionLimits(GatewaySettings settings, MeterRegistry metrics) {
        this.settings = settings.connections();
        var counts = new ConnectionCounts(this.settings.max(), this.settings.maxPerAddress());
        var tooMany = closed("too_many", metrics);
        var tooManyOfTheAddress = closed("too_many_of_the_address", metrics);
        this.gate =
                new ConnectionGate(
                        counts,
                        TrustedProxies.of(settings.trustedProxies()),
                        verdict ->
                                (verdict == Verdict.TOO_MANY ? tooMany : tooManyOfTheAddress)
                                        .increment());
        this.head =
                new Patience(
                        this.settings.headerTimeout(), closed("slow_head", metrics)::increment);
        this.body =
                new Patience(
                        settings.bodyTimeout().plus(MARGIN),
                        closed("slow_body", metrics)::increment);
        this.slowReaders = closed("slow_reader", metrics);
        Gauge.builder("nod.gateway.connections.open", counts, ConnectionCounts::all)
                .description("Open connections to the API")
                .register(metrics);
    }

    private static Counter closed(String reason, MeterRegistry metrics) {
        return Counter.builder(CLOSED)
                .description("Connections to the API that the gateway closed")
                .tag("reason", reason)
                .register(metrics);
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(
                server -> server.doOnChannelInit((_, channel, _) -> limit(channel)));
    }

    private void limit(Channel channel) {
        var deadlines = new RequestDeadlines(head, body);
        channel.pipeline()
                .addFirst(gate)
                .addBefore(NettyPipeline.HttpCodec, null, new SlowReaders())
                .addBefore(NettyPipeline.HttpCodec, null, deadlines.beforeTheCodec())
                .addAfter(NettyPipeline.HttpCodec, null, deadlines.behindTheCodec());
    }

    private final class SlowReaders extends WriteTimeoutHandler {

        SlowReaders() {
            super(settings.writeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        protected void writeTimedOut(ChannelHandlerContext context) {
            slowReaders.increment();
            context.close();
        }
    }
}
