package nod.gateway.contract;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/** The document that the gateway serves, held against exchanges. Thread-safe. */
public final class Contract {

    private static final ContractDocument DOCUMENT = ContractDocument.served();
    private static final Schemas REQUESTS = new Schemas(DOCUMENT.components());
    private static final Schemas RESPONSES =
            new Schemas(ClosedSchemas.components(DOCUMENT.components()));

    private final Set<Leniency> leniencies;
    private final Consumer<ContractViolation> violations;
    private final Set<String> served = new ConcurrentSkipListSet<>();

    /**
     * The contract with all that the gateway grants beyond it. What breaks it fails the test that
     * runs: not to be made outside of one.
     */
    public Contract() {
        this(EnumSet.allOf(Leniency.class), Violations::report);
        Violations.requireHeed();
    }

    /**
     * The contract with some of it.
     *
     * @param violations is told of each violation that {@link #check} finds
     */
    Contract(Set<Leniency> leniencies, Consumer<ContractViolation> violations) {
        this.leniencies = leniencies;
        this.violations = violations;
    }

    /** The operationIds that were called and answered with a success so far. */
    public Set<String> served() {
        return Set.copyOf(served);
    }

    /** Reports and returns the violation, if the exchange is one. */
    Optional<ContractViolation> check(Exchange exchange) {
        var problems = problems(exchange);
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        var violation = new ContractViolation(exchange, problems);
        violations.accept(violation);
        return Optional.of(violation);
    }

    /** What is wrong with an exchange. */
    List<String> problems(Exchange exchange) {
        var path = exchange.uri().getRawPath();
        if (path.startsWith(DOCUMENT.base())) {
            var below = path.substring(DOCUMENT.base().length());
            for (var operation : DOCUMENT.operations()) {
                var variables = operation.path().match(below);
                if (variables.isPresent()) {
                    return problems(exchange, operation.path(), variables.get());
                }
            }
            if (exchange.isSuccess() && isOfThePage(below)) {
                return List.of();
            }
        }
        return new ResponseCheck(RESPONSES, exchange).problems(null);
    }

    /** The page to read the document on is for people; it is no part of the API. */
    private static boolean isOfThePage(String path) {
        return path.equals("/") || path.startsWith("/browser/");
    }

    private List<String> problems(
            Exchange exchange, PathTemplate path, Map<String, String> variables) {
        var operation =
                DOCUMENT.operations().stream()
                        .filter(
                                one ->
                                        one.path().text().equals(path.text())
                                                && one.method().equals(exchange.documentedMethod()))
                        .findFirst()
                        .orElse(null);
        var problems = new ArrayList<>(new ResponseCheck(RESPONSES, exchange).problems(operation));
        if (operation != null && exchange.isSuccess()) {
            served.add(operation.id());
            problems.addAll(
                    new RequestCheck(REQUESTS, leniencies, operation, exchange)
                            .problems(variables));
        }
        return problems;
    }
}
