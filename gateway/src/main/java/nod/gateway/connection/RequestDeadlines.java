package nod.gateway.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which the head or the body of a request does not come to its end in time,
 * whether anybody reads it or not. Between requests the server's own idle timeout counts. One for
 * each connection; all on its event loop.
 */
final class RequestDeadlines {

    private enum Stage {
        BETWEEN_REQUESTS,
        HEAD,
        BODY
    }

    private final Patience head;
    private final Patience body;
    private Stage stage = Stage.BETWEEN_REQUESTS;
    private @Nullable Future<?> deadline;

    /**
     * How long something may take.
     *
     * @param time counted from when the first of it was read
     * @param over told before a connection is closed
     */
    record Patience(Duration time, Runnable over) {}

    RequestDeadlines(Patience head, Patience body) {
        this.head = head;
        this.body = body;
    }

    /** Comes before the HTTP codec. */
    ChannelInboundHandler beforeTheCodec() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (stage == Stage.BETWEEN_REQUESTS) {
                    stage = Stage.HEAD;
                }
                context.fireChannelRead(bytes);
                // Most requests are whole by now, and cost no timer.
                if (stage != Stage.BETWEEN_REQUESTS && deadline == null) {
                    deadline = begin(context, stage == Stage.HEAD ? head : body);
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                end();
                context.fireChannelInactive();
            }
        };
    }

    /** Comes behind it. */
    ChannelInboundHandler behindTheCodec() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof HttpRequest) {
                    stage = Stage.BODY;
                    end();
                }
                if (message instanceof LastHttpContent) {
                    stage = Stage.BETWEEN_REQUESTS;
                    end();
                }
                context.fireChannelRead(message);
            }
        };
    }

    private static @Nullable Future<?> begin(ChannelHandlerContext context, Patience patience) {
        return context.channel().isActive()
                ? context.executor()
                        .schedule(
                                () -> close(context, patience),
                                patience.time().toNanos(),
                                TimeUnit.NANOSECONDS)
                : null;
    }

    private static void close(ChannelHandlerContext context, Patience patience) {
        patience.over().run();
        context.channel().close();
    }

    private void end() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
