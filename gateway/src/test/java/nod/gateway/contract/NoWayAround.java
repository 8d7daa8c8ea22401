package nod.gateway.contract;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;

import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;

/** The rule that no test speaks to a gateway but through the clients of this package. */
public final class NoWayAround {

    /** Held against the tests of a module. */
    public static final ArchRule FOR_TESTS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("nod.gateway.contract..")
                    .should()
                    .callMethodWhere(makes(HttpClient.class, "newHttpClient|newBuilder"))
                    .orShould()
                    .callMethodWhere(makes(WebTestClient.class, "bindTo.*"))
                    .orShould()
                    .callMethodWhere(makes(WebClient.class, "create|builder"))
                    .orShould()
                    .callMethodWhere(makes(RestClient.class, "create|builder"))
                    .orShould()
                    .callMethodWhere(makes(reactor.netty.http.client.HttpClient.class, "create.*"))
                    .orShould()
                    .callMethodWhere(makes(URI.class, "toURL"))
                    .orShould()
                    .callMethodWhere(makes(URL.class, "of"))
                    .orShould()
                    .callConstructorWhere(target(owner(assignableTo(URL.class))))
                    .orShould()
                    .callMethodWhere(makes(SocketChannel.class, "open"))
                    .orShould()
                    .callConstructorWhere(target(owner(assignableTo(RestTemplate.class))))
                    .orShould()
                    .callConstructorWhere(target(owner(assignableTo(Socket.class))))
                    .because("every exchange with a gateway is held against the contract");

    private NoWayAround() {}

    private static DescribedPredicate<JavaCall<?>> makes(Class<?> type, String methods) {
        return target(owner(assignableTo(type))).and(target(nameMatching(methods)));
    }
}
