package nod.standalone.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.integrations.Blueprint.Entry;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads {@code integrations/authentik/nod.yaml} as its admin should before installing it. */
class BlueprintTest {

    private static final String BINDING = "authentik_policies.policybinding";
    private static final String STAGE = "authentik_flows.flowstagebinding";

    private final Blueprint blueprint = Blueprint.read();

    @Test
    void refersOnlyToWhatStandsBefore() {
        var known = new HashSet<String>();
        for (var entry : blueprint.entries()) {
            assertThat(known).containsAll(new Blueprint(List.of(entry)).tagged("!KeyOf"));
            if (entry.id() != null) {
                assertThat(known.add(entry.id())).as(entry.id() + " is new").isTrue();
            }
        }
        assertThat(blueprint.tagged("!Env")).containsOnly("NOD_URL");
    }

    /** Where it differs, write the file into the blueprint. */
    @Test
    void hasThePoliciesToTheLetter() {
        var expressions = blueprint.expressions();
        expressions.remove("nod-scope");

        assertThat(expressions).isEqualTo(Blueprint.files());
    }

    @Test
    void asksForOutpostsAsForBrowsersButForTheMode() {
        assertThat(code("nod-start-outpost"))
                .isEqualTo(code("nod-start").replace("\"number_matching_3\"", "\"accept_deny\""));
    }

    @Test
    void namesUsersByWhatTheyCannotChange() {
        assertThat(Blueprint.files().values())
                .noneMatch(text -> text.contains(".username") || text.contains(".email"));
        assertThat(only("authentik_providers_oauth2.oauth2provider").field("sub_mode"))
                .isEqualTo("user_id");
    }

    /** A stage whose policy fails is skipped: so what stops a user stays, the login goes. */
    @Test
    void failsClosed() {
        var bindings = blueprint.of(BINDING).filter(this::isOfAStage).toList();

        assertThat(bindings).hasSize(6);
        assertThat(bindings)
                .allSatisfy(
                        binding ->
                                assertThat(binding.field("failure_result"))
                                        .as(binding.toString())
                                        .isEqualTo(!isLogin(target(binding))));
    }

    @Test
    void deniesUnlessThePolicyPasses() {
        assertThat(blueprint.of(BINDING).filter(this::isOfAStage))
                .allSatisfy(
                        binding ->
                                assertThat(binding.field("negate"))
                                        .as(binding.toString())
                                        .isEqualTo(isDeny(target(binding))));
    }

    @Test
    void letsNobodyInWithoutApproval() {
        for (var flow : List.of("nod-flow", "nod-outpost-flow")) {
            var logins = stagesOf(flow).filter(BlueprintTest::isLogin).toList();
            assertThat(logins).hasSize(1);
            assertThat(policiesOf(logins.getFirst())).containsExactly("nod-approved");
        }
        assertThat(only("authentik_stages_prompt.promptstage").fields().toString())
                .contains("validation_policies=[Tag[name=!KeyOf, value=nod-check]]");
    }

    @Test
    void decidesWhenAStageIsReachedAndNotBefore() {
        assertThat(blueprint.of(STAGE).filter(stage -> !policiesOf(stage).isEmpty()))
                .hasSize(6)
                .allSatisfy(
                        stage -> {
                            assertThat(stage.field("evaluate_on_plan")).isEqualTo(false);
                            assertThat(stage.field("re_evaluate_policies")).isEqualTo(true);
                            assertThat(stage.field("policy_engine_mode")).isEqualTo("all");
                            assertThat(stage.field("invalid_response_action")).isEqualTo("retry");
                        });
    }

    /** Both asked for the password before: else anybody could have any phone ring. */
    @Test
    void asksOnlyWhoKnowsThePassword() {
        for (var flow : List.of("nod-flow", "nod-outpost-flow")) {
            assertThat(stagesOf(flow).map(stage -> stage.field("order")))
                    .startsWith(10, 20, 30, 40);
            assertThat(stagesOf(flow).skip(1).findFirst().orElseThrow().fields().toString())
                    .contains("default-authentication-password");
        }
    }

    @Test
    void givesTokensThatDoNotExpireUnseen() {
        assertThat(blueprint.of("authentik_core.token").map(token -> token.field("expiring")))
                .containsExactly(false, false);
    }

    @Test
    void letsNodAddAndFindEventsAndNothingElse() {
        assertThat(only("authentik_rbac.role").field("permissions"))
                .isEqualTo(List.of("authentik_events.add_event", "authentik_events.view_event"));
    }

    private static String code(String policy) {
        var text = Objects.requireNonNull(Blueprint.files().get(policy));
        return text.substring(text.indexOf("\nfrom "));
    }

    private Entry only(String model) {
        var entries = blueprint.of(model).toList();
        assertThat(entries).as(model).hasSize(1);
        return entries.getFirst();
    }

    private Entry target(Entry binding) {
        return blueprint.withId(binding.keyOf("target"));
    }

    private boolean isOfAStage(Entry binding) {
        return target(binding).model().equals(STAGE);
    }

    private static boolean isLogin(Entry stage) {
        return String.valueOf(stage.field("stage")).contains("userloginstage");
    }

    private static boolean isDeny(Entry stage) {
        return "nod-deny".equals(stage.keyOf("stage"));
    }

    private Stream<Entry> stagesOf(String flow) {
        return blueprint.of(STAGE).filter(stage -> flow.equals(stage.keyOf("target")));
    }

    private List<String> policiesOf(Entry stage) {
        return blueprint
                .of(BINDING)
                .filter(binding -> stage.id() != null && stage.id().equals(binding.keyOf("target")))
                .map(binding -> String.valueOf(binding.keyOf("policy")))
                .toList();
    }
}
