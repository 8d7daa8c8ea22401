package nod.gateway.contract;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test during which an exchange broke the contract, on whatever thread. Registered for
 * every test of the modules that set {@code junit.jupiter.extensions.autodetection.enabled}.
 */
public final class ContractExtension
        implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        Violations.heed();
        // Closed after the last test: what is found between the last test and the end fails the
        // run.
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ContractExtension.class))
                .computeIfAbsent(Violations.class, _ -> (AutoCloseable) Violations::failForPending);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Violations.failForPending();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Violations.failForPending();
    }
}
