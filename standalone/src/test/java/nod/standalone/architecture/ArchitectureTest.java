package nod.standalone.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.jspecify.annotations.NullMarked;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;

/** Who may depend on whom, who may use which library, and what nobody may do. */
@AnalyzeClasses(
        packages = "nod",
        importOptions = {
            ImportOption.DoNotIncludeTests.class,
            ArchitectureTest.WithoutTestJars.class
        })
class ArchitectureTest {

    /**
     * What other modules' tests use comes as a directory or, once packaged, as a jar of its own.
     */
    static final class WithoutTestJars implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String GATEWAY = "nod.gateway..";
    private static final String DISPATCHER = "nod.dispatcher..";
    private static final String COLLECTOR = "nod.collector..";
    private static final String MESSAGING = "nod.messaging..";
    private static final String SCHEMAS = "nod.schemas..";
    private static final String SIMULATORS = "nod.simulators..";
    private static final String STANDALONE = "nod.standalone..";

    @ArchTest
    static final ArchRule THE_GATEWAY_KNOWS_NO_OTHER_SERVICE =
            knowsNothingOf(GATEWAY, DISPATCHER, COLLECTOR, SIMULATORS, STANDALONE);

    @ArchTest
    static final ArchRule THE_DISPATCHER_KNOWS_NO_OTHER_SERVICE =
            knowsNothingOf(DISPATCHER, GATEWAY, COLLECTOR, SIMULATORS, STANDALONE);

    @ArchTest
    static final ArchRule THE_RESPONSE_COLLECTOR_KNOWS_NO_OTHER_SERVICE =
            knowsNothingOf(COLLECTOR, GATEWAY, DISPATCHER, SIMULATORS, STANDALONE);

    @ArchTest
    static final ArchRule MESSAGING_KNOWS_NO_SERVICE =
            knowsNothingOf(MESSAGING, GATEWAY, DISPATCHER, COLLECTOR, SIMULATORS, STANDALONE);

    @ArchTest
    static final ArchRule THE_SIMULATORS_KNOW_NOTHING_OF_OURS =
            knowsNothingOf(
                    SIMULATORS, GATEWAY, DISPATCHER, COLLECTOR, MESSAGING, SCHEMAS, STANDALONE);

    @ArchTest
    static final ArchRule THE_CONTRACTS_NEED_ONLY_ANNOTATIONS =
            classes()
                    .that()
                    .resideInAPackage(SCHEMAS)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            SCHEMAS,
                            "java..",
                            "com.fasterxml.jackson.annotation..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule FIREBASE_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn("com.google.firebase..", "nod.dispatcher.fcm..");

    @ArchTest
    static final ArchRule PUSHY_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn("com.eatthepath.pushy..", "nod.dispatcher.apns..", SIMULATORS);

    @ArchTest
    static final ArchRule TINK_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn("com.google.crypto.tink..", "nod.dispatcher.seal..", SIMULATORS);

    @ArchTest
    static final ArchRule OPENTELEMETRY_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn("io.opentelemetry..", "nod.messaging.trace..");

    @ArchTest
    static final ArchRule KAFKA_STOPS_AT_MESSAGING =
            isUsedOnlyIn("org.apache.kafka..", MESSAGING, STANDALONE);

    @ArchTest
    static final ArchRule SPRING_KAFKA_STOPS_AT_MESSAGING =
            isUsedOnlyIn("org.springframework.kafka..", MESSAGING);

    @ArchTest
    static final ArchRule JOSE_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn(
                    "com.nimbusds..",
                    "nod.gateway.security.jwt..",
                    "nod.gateway.security.dpop..",
                    "nod.gateway.security.phonekey..",
                    "nod.simulators.phone..");

    @ArchTest
    static final ArchRule SPRING_SECURITY_STAYS_BEHIND_ITS_PORT =
            isUsedOnlyIn("org.springframework.security..", "nod.gateway.security.jwt..");

    @ArchTest
    static final ArchRule CREDENTIALS_KNOW_ONLY_THE_PORTS_OF_KEYS_JWTS_AND_PROOFS =
            noClasses()
                    .that()
                    .resideInAPackage("nod.gateway.security")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "nod.gateway.security.apikey..",
                            "nod.gateway.security.jwt..",
                            "nod.gateway.security.dpop..");

    @ArchTest
    static final ArchRule DATABASE_TYPES_STOP_BEFORE_HTTP =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("Api")
                    .or()
                    .resideInAPackage("nod.gateway.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.r2dbc..", "org.springframework.r2dbc..");

    @ArchTest
    static final ArchRule HTTP_TYPES_STOP_BEFORE_THE_DATABASE =
            noClasses()
                    .that()
                    .areAnnotatedWith("org.springframework.stereotype.Repository")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework.http..", "org.springframework.web.reactive..");

    @ArchTest
    static final ArchRule THE_GATEWAYS_FEATURES_FORM_NO_CYCLE =
            slices().matching("nod.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_DISPATCHERS_FEATURES_FORM_NO_CYCLE =
            slices().matching("nod.dispatcher.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_RESPONSE_COLLECTORS_FEATURES_FORM_NO_CYCLE =
            slices().matching("nod.collector.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_PACKAGES_OF_MESSAGING_FORM_NO_CYCLE =
            slices().matching("nod.messaging.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_PACKAGES_OF_THE_SIMULATORS_FORM_NO_CYCLE =
            slices().matching("nod.simulators.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOBODY_ASKS_THE_SYSTEM_CLOCK =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(LocalDateTime.class, "now")
                    .orShould()
                    .callMethod(OffsetDateTime.class, "now")
                    .orShould()
                    .callMethod(ZonedDateTime.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .because("deadlines are the database's, durations an injected clock's");

    @ArchTest
    static final ArchRule A_SERVICES_CLOCK_IS_MADE_ONCE =
            noClasses()
                    .that()
                    .resideInAnyPackage(GATEWAY, DISPATCHER, COLLECTOR, MESSAGING)
                    .and()
                    .haveSimpleNameNotEndingWith("Application")
                    .and()
                    .haveSimpleNameNotEndingWith("Configuration")
                    .should()
                    .callMethod(Clock.class, "systemUTC")
                    .because("what asks another clock can't be shown to bear a wrong one");

    @ArchTest
    static final ArchRule BYTES_ARE_COMPARED_IN_CONSTANT_TIME =
            noClasses()
                    .should()
                    .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                    .orShould()
                    .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
                    .orShould()
                    .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
                    .because("they may be hashes or proofs; MessageDigest.isEqual tells no more");

    @ArchTest
    static final ArchRule A_TOKEN_IS_LOOKED_AT_WHERE_CREDENTIALS_ARE_CHECKED =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("nod.gateway.security..")
                    .should()
                    .callMethod("nod.gateway.security.BearerToken", "value");

    @ArchTest
    static final ArchRule SECRETS_ARE_COMPARED_AS_HASHES =
            noMethods()
                    .that()
                    .areDeclaredIn("nod.gateway.security.BearerToken")
                    .or()
                    .areDeclaredIn("nod.gateway.security.Secret")
                    .should()
                    .haveName("equals");

    @ArchTest
    static final ArchRule ONLY_PROGRAMS_WRITE_TO_THE_CONSOLE =
            noClasses()
                    .that(not(resideInAPackage(STANDALONE)))
                    .and()
                    .haveSimpleNameNotEndingWith("Main")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        classes().should(liveInANullMarkedPackage()).check(classes);
    }

    private static ArchRule knowsNothingOf(String who, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule isUsedOnlyIn(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var home = type.getPackage();
                var marked =
                        home.tryGetPackageInfo()
                                .map(info -> info.isAnnotatedWith(NullMarked.class))
                                .orElse(false);
                if (!marked) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, home.getName() + " has no @NullMarked package-info"));
                }
            }
        };
    }
}
