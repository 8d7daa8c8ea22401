package nod.gateway.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.security.Caller;
import nod.schemas.event.Actor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

class AuthorityTest {

    private final Authority authority = new Authority("nod:deployment", "goauthentik.io/api");

    static Stream<Object> scopesOfTheDeployment() {
        return Stream.of(
                "nod:deployment",
                "openid nod:deployment profile",
                "goauthentik.io/api  nod:deployment",
                List.of("openid", "nod:deployment"),
                List.of("goauthentik.io/api", "nod:deployment"),
                Arrays.asList(null, 7, "nod:deployment"));
    }

    @ParameterizedTest
    @MethodSource("scopesOfTheDeployment")
    void actsForTheDeploymentWithItsScope(Object scope) {
        assertThat(of(Map.of("scope", scope, "azp", "flows", "sub", "7")))
                .contains(Caller.Deployment.byJwt("flows"));
    }

    @Test
    void namesTheClientOrElseTheSubject() {
        var scope = "nod:deployment";

        assertThat(of(Map.of("scope", scope, "client_id", "flows", "sub", "7")))
                .contains(Caller.Deployment.byJwt("flows"));
        assertThat(of(Map.of("scope", scope, "sub", "7"))).contains(Caller.Deployment.byJwt("7"));
        assertThat(of(Map.of("scope", scope, "azp", "", "client_id", 7, "sub", "s")))
                .map(Caller::actor)
                .contains(new Actor(Actor.Kind.CLIENT, "s"));
        assertThat(of(Map.of("scope", scope))).isEmpty();
    }

    @Test
    void actsForItsSubjectWithTheScopeOfAuthentiksApi() {
        var owner = of(Map.of("scope", "openid goauthentik.io/api", "azp", "flows", "sub", "7"));

        assertThat(owner).contains(new Caller.Owner("7"));
        assertThat(owner).map(Caller::actor).contains(new Actor(Actor.Kind.USER, "7"));
    }

    static Stream<Map<String, Object>> claimsThatAllowNothing() {
        var nothing = new HashMap<String, Object>(Map.of("sub", "7"));
        nothing.put("scope", null);
        return Stream.of(
                nothing,
                Map.of("sub", "7", "azp", "flows"),
                Map.of("sub", "7", "scope", ""),
                Map.of("sub", "7", "scope", "openid profile"),
                Map.of("sub", "7", "scope", "nod:deploymentx Nod:Deployment nod:deployment,x"),
                Map.of("sub", "7", "scope", "nod:deployment\nx"),
                Map.of("sub", "7", "scope", List.of()),
                Map.of("sub", "7", "scope", List.of("openid nod:deployment")),
                Map.of("sub", "7", "scope", List.of(List.of("nod:deployment"))),
                Map.of("sub", "7", "scope", Map.of("nod:deployment", true)),
                Map.of("sub", "7", "scope", true),
                Map.of("sub", "7", "scp", "nod:deployment"),
                Map.of("scope", "goauthentik.io/api"),
                Map.of("scope", "goauthentik.io/api", "sub", " "),
                Map.of("scope", "goauthentik.io/api", "sub", "x".repeat(256)),
                Map.of("scope", "goauthentik.io/api", "sub", "a\0b"),
                Map.of("scope", "goauthentik.io/api", "sub", List.of("7")));
    }

    @ParameterizedTest
    @MethodSource("claimsThatAllowNothing")
    void mayDoNothingWithoutAScopeOrASubject(Map<String, Object> claims) {
        assertThat(of(claims)).isEmpty();
    }

    @Test
    void asksForTheConfiguredScopes() {
        var other = new Authority("push", "mine");

        assertThat(other.of(Map.of("scope", "push", "sub", "7"))).isPresent();
        assertThat(other.of(Map.of("scope", "mine", "sub", "7"))).contains(new Caller.Owner("7"));
        assertThat(other.of(Map.of("scope", "nod:deployment", "sub", "7"))).isEmpty();
    }

    private Optional<Caller> of(Map<String, Object> claims) {
        return authority.of(claims);
    }
}
