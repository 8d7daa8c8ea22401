package nod.collector;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * For services that live side by side in a JVM: the shared event loops would be gone for everybody
 * as soon as the first one is closed.
 */
public final class OwnEventLoops
        implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean(
                ReactorResourceFactory.class,
                () -> {
                    var resources = new ReactorResourceFactory();
                    resources.setUseGlobalResources(false);
                    return resources;
                });
    }
}
