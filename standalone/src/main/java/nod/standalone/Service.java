package nod.standalone;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

import java.util.HashMap;
import java.util.Map;

/**
 * One of the services, with an application context of its own, as its own process would have.
 *
 * @param name as its module is called
 */
record Service(String name, ConfigurableApplicationContext context) implements AutoCloseable {
    static {
        // Logging belongs to the process; no context may set it up again or shut it down.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    }

    private static final Map<String, String> COMMON =
            Map.of(
                    "server.address", "127.0.0.1",
                    "spring.lifecycle.timeout-per-shutdown-phase", "5s");

    /**
     * Returns when the service is ready.
     *
     * @param application its main class
     * @param properties what it is told, over the environment and its own file
     */
    static Service start(String name, Class<?> application, Map<String, String> properties) {
        var all = new HashMap<>(COMMON);
        all.put("spring.config.name", name);
        all.putAll(properties);
        var arguments =
                all.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new);
        return new Service(
                name,
                new SpringApplicationBuilder(application)
                        .bannerMode(Banner.Mode.OFF)
                        // Contexts are closed in order by Standalone, not all at once by hooks.
                        .registerShutdownHook(false)
                        .initializers(Service::giveItEventLoopsOfItsOwn)
                        .run(arguments));
    }

    // The shared ones would be gone for everybody as soon as the first context is closed.
    private static void giveItEventLoopsOfItsOwn(ConfigurableApplicationContext context) {
        if (context instanceof GenericApplicationContext registry) {
            registry.registerBean(
                    ReactorResourceFactory.class,
                    () -> {
                        var resources = new ReactorResourceFactory();
                        resources.setUseGlobalResources(false);
                        return resources;
                    });
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
