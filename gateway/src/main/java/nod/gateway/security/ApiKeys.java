package nod.gateway.security;

import java.util.Optional;

/** The API keys of the deployment. */
@FunctionalInterface
public interface ApiKeys {

    /**
     * Whoever calls with this key. Never blocks.
     *
     * @return empty where it is no live key
     * @throws CredentialsUnavailable where that can't be told for now
     */
    Optional<Caller.Deployment> find(BearerToken token);
}
