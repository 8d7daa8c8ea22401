package nod.gateway.contract;

import nod.gateway.contract.Problem.Where;

import java.util.Set;
import java.util.function.Predicate;

/**
 * What the gateway takes though the document does not say so, because authentik's API does, or to
 * be patient with callers. Each has a test that shows it; {@code docs/api.md} lists them.
 */
public enum Leniency {
    /** A check-in of the later app: the info nested, a push key beside it. */
    LATER_DIALECT(_ -> false),
    /** A number where a text is asked for. */
    NUMBER_AS_TEXT(
            problem ->
                    isOfWrongType(problem)
                            && problem.value().isNumber()
                            && isAsked(problem, "string")),
    /** A text that says a number, where a whole number is asked for. */
    TEXT_AS_NUMBER(
            problem ->
                    isOfWrongType(problem)
                            && problem.value().isString()
                            && isAsked(problem, "integer")),
    /** A text that is short enough without the blanks around it. */
    BLANKS_AROUND_A_TEXT(
            problem ->
                    problem.where() == Where.BODY
                            && problem.rule().equals("maxLength")
                            && length(problem.value().asString().strip())
                                    <= problem.expected().asInt()),
    /** Null in a transaction's context: not known. */
    NULL_IN_CONTEXT(
            problem ->
                    problem.where() == Where.BODY
                            && problem.name().startsWith("/context/")
                            && problem.value().isNull()),
    /** {@code page=last}. */
    PAGE_LAST(
            problem ->
                    problem.isIn(Where.QUERY, "page") && problem.value().asString().equals("last")),
    /** A page size that is no positive number: the default. */
    PAGE_SIZE_NOT_A_NUMBER(problem -> problem.isIn(Where.QUERY, "page_size")),
    /** An empty query parameter: absent. */
    EMPTY_PARAMETER(
            problem -> problem.where() == Where.QUERY && problem.value().asString().isEmpty()),
    /** The list's filter by user, which only the deployment may use. */
    FILTER_BY_USER(
            problem ->
                    problem.isIn(Where.QUERY, "user")
                            && problem.operation().equals("authenticators_mobile_list")),
    /** A body where none is asked for: not read. */
    UNREAD_BODY(
            problem ->
                    problem.where() == Where.BODY && problem.rule().equals(Problem.UNDOCUMENTED));

    private final Predicate<Problem> excuses;

    Leniency(Predicate<Problem> excuses) {
        this.excuses = excuses;
    }

    /** Whether one of these takes what the document does not allow. */
    static boolean excuse(Set<Leniency> leniencies, Problem problem) {
        return leniencies.stream().anyMatch(leniency -> leniency.excuses.test(problem));
    }

    private static boolean isOfWrongType(Problem problem) {
        return problem.where() == Where.BODY && problem.rule().equals("type");
    }

    private static boolean isAsked(Problem problem, String type) {
        return problem.expected().asString("").equals(type);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
