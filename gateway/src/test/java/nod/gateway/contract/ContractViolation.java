package nod.gateway.contract;

import java.util.List;

/** An exchange that the document does not allow. */
public final class ContractViolation extends AssertionError {

    ContractViolation(Exchange exchange, List<String> problems) {
        super(
                "%s\nis not what the document says:\n  %s"
                        .formatted(exchange, String.join("\n  ", problems)));
    }
}
