package nod.gateway.connection;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import nod.gateway.connection.ConnectionCounts.Verdict;
import nod.gateway.throttle.ClientNetwork;
import nod.gateway.throttle.TrustedProxies;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Closes a connection that is one too many before anything of it is read. */
@Sharable
final class ConnectionGate extends ChannelInboundHandlerAdapter {

    private final ConnectionCounts counts;
    private final TrustedProxies proxies;
    private final Consumer<Verdict> refused;

    ConnectionGate(ConnectionCounts counts, TrustedProxies proxies, Consumer<Verdict> refused) {
        this.counts = counts;
        this.proxies = proxies;
        this.refused = refused;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var address = address(context);
        var verdict = counts.open(address);
        if (verdict == Verdict.ADMITTED) {
            context.channel().closeFuture().addListener(_ -> counts.close(address));
            context.fireChannelActive();
        } else {
            refused.accept(verdict);
            context.close();
        }
    }

    /** Null for a proxy, which comes for many, and where the connection says nothing. */
    private @Nullable ClientNetwork address(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress peer
                        && peer.getAddress() != null
                        && !proxies.isTrusted(peer.getAddress())
                ? ClientNetwork.of(peer.getAddress())
                : null;
    }
}
