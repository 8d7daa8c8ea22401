package nod.gateway.lock;

import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.PageRequest;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;
import nod.gateway.web.Responses;
import nod.schemas.event.LockReason;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Lists and releases the users to whom no push is sent. */
@Component
class LocksApi implements Api {

    /** The contract's MobileLock. */
    record MobileLock(String user, LockReason reason, Instant since, @Nullable Instant until) {}

    private final UserLimits limits;
    private final ReportLock locks;
    private final TransactionalOperator transaction;

    LocksApi(UserLimits limits, ReportLock locks, TransactionalOperator transaction) {
        this.limits = limits;
        this.locks = locks;
        this.transaction = transaction;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/locks/",
                        Access.DEPLOYMENT,
                        Map.of(HttpMethod.GET, this::list)),
                new Resource(
                        "/authenticators/mobile/locks/{user}/",
                        Access.DEPLOYMENT,
                        Map.of(HttpMethod.DELETE, this::release)));
    }

    private Mono<ServerResponse> list(Call call) {
        var request = PageRequest.of(call);
        return limits.count()
                .map(request::of)
                .flatMap(
                        page ->
                                limits.list(page.offset(), page.size())
                                        .map(LocksApi::mobileLock)
                                        .collectList()
                                        .map(page::with))
                .flatMap(Responses::ok);
    }

    private static MobileLock mobileLock(UserLimit limit) {
        return new MobileLock(limit.user(), limit.reason(), limit.since(), limit.until());
    }

    private Mono<ServerResponse> release(Call call) {
        var user = call.variable("user");
        // PostgreSQL would refuse to compare it.
        var released =
                user.indexOf(0) >= 0
                        ? Mono.just(false)
                        : locks.release(user, call.caller().actor());
        // Fails inside the transaction: nobody is to be remembered because they were asked about.
        return released.filter(found -> found)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .as(transaction::transactional)
                .then(Responses.noContent());
    }
}
