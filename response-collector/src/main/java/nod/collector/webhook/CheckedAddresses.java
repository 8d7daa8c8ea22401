package nod.collector.webhook;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Resolves the host of a connection, and lets pass addresses of the internet alone. The connection
 * goes to the very address that was checked: a name that says something else a moment later gains
 * nothing.
 */
final class CheckedAddresses extends AddressResolverGroup<InetSocketAddress> {

    private final NameLookup names;
    private final Scheduler blocking;

    /**
     * @param blocking where names are looked up
     */
    CheckedAddresses(NameLookup names, Scheduler blocking) {
        this.names = names;
        this.blocking = blocking;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Checking(executor);
    }

    private List<InetSocketAddress> checked(InetSocketAddress wanted) throws Exception {
        var literal = wanted.getAddress();
        var addresses =
                literal == null ? names.addresses(wanted.getHostString()) : List.of(literal);
        for (var address : addresses) {
            // One that is not allowed is enough: who mixes them has something in mind.
            if (!PublicAddresses.contain(address)) {
                throw new PrivateAddressException(address);
            }
        }
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, wanted.getPort()))
                .toList();
    }

    /** The host is where webhooks may not go. */
    static final class PrivateAddressException extends Exception {

        private static final long serialVersionUID = 1;

        PrivateAddressException(InetAddress address) {
            super(
                    "%s is no public address, and allow-private-addresses is false"
                            .formatted(address.getHostAddress()));
        }
    }

    private final class Checking extends AbstractAddressResolver<InetSocketAddress> {

        Checking(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        /** Never: an address that stands in the URL is checked, too. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress unresolved, Promise<InetSocketAddress> promise) {
            lookUp(unresolved)
                    .subscribe(all -> promise.trySuccess(all.getFirst()), promise::tryFailure);
        }

        @Override
        protected void doResolveAll(
                InetSocketAddress unresolved, Promise<List<InetSocketAddress>> promise) {
            lookUp(unresolved).subscribe(promise::trySuccess, promise::tryFailure);
        }

        private Mono<List<InetSocketAddress>> lookUp(InetSocketAddress unresolved) {
            return Mono.fromCallable(() -> checked(unresolved)).subscribeOn(blocking);
        }
    }
}
