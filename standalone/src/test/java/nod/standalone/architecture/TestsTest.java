package nod.standalone.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import nod.gateway.contract.NoWayAround;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;

import java.net.URI;

/** What the tests of this module may not do. */
@AnalyzeClasses(packages = "nod.standalone", importOptions = ImportOption.OnlyIncludeTests.class)
class TestsTest {

    @ArchTest
    static final ArchRule EVERY_CLIENT_HOLDS_THE_GATEWAY_TO_ITS_CONTRACT = NoWayAround.FOR_TESTS;

    @ArchTest
    static final ArchRule NO_PHONE_HAS_A_CLIENT_OF_ITS_OWN =
            noClasses()
                    .should()
                    .callMethod(
                            VirtualPhone.class, "enrol", String.class, PhoneModel.class, URI.class);
}
