package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

/** The rule holds here, and it is one that can be broken. */
class NoWayAroundTest {

    @Test
    void noTestOfThisModuleGoesAroundTheContract() {
        var tests =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                        .importPackages("nod");

        NoWayAround.FOR_TESTS.check(tests);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                JdkClientHttpRequestFactory.class,
                ReactorClientHttpConnector.class,
                SimpleClientHttpRequestFactory.class
            })
    void findsAClassThatMakesAClientOfItsOwn(Class<?> type) {
        var rule = NoWayAround.FOR_TESTS.evaluate(new ClassFileImporter().importClasses(type));

        assertThat(rule.hasViolation()).isTrue();
    }
}
