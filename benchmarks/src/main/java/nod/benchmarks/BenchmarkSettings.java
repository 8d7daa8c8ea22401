package nod.benchmarks;

import static java.util.stream.Collectors.toMap;

import nod.benchmarks.rig.Aot;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * What is measured, and how.
 *
 * @param rate logins that arrive in a second; of waiting callers, those that are answered
 * @param duration for which they are measured
 * @param warmUp for which they arrive before that
 * @param warmUpRate logins that arrive in a second of it; 0 means as many as are measured
 * @param phones that log in, one after the other; each is a user of its own
 * @param instances of each service
 * @param devices in the registry beside those phones
 * @param history rows of decided logins that lie in the database at the start
 * @param callers that wait at one gateway
 * @param backlog logins that wait for the dispatcher
 * @param providerDelay how long a provider takes for a push of that backlog
 * @param fcmClient who speaks to FCM for the dispatcher
 * @param stepDuration for which each step of a login is measured alone; 0s leaves them out
 * @param guard the run fails where floor/actual is less; it always fails where a login failed
 * @param jvm options of each service's JVM
 * @param aot what the AOT caches of the services are made of
 * @param folder gets data, logs and results; what is in it is deleted at the start
 */
record BenchmarkSettings(
        @DefaultValue("200") int rate,
        @DefaultValue("60s") Duration duration,
        @DefaultValue("60s") Duration warmUp,
        @DefaultValue("0") int warmUpRate,
        @DefaultValue("4000") int phones,
        @DefaultValue("1") int instances,
        @DefaultValue("0") long devices,
        @DefaultValue("0") long history,
        @DefaultValue("10000") int callers,
        @DefaultValue("60000") int backlog,
        @DefaultValue("50ms") Duration providerDelay,
        @DefaultValue("firebase-admin") String fcmClient,
        @DefaultValue("10s") Duration stepDuration,
        @DefaultValue("0") double guard,
        @DefaultValue("-Xmx512m") String jvm,
        @DefaultValue("none") Aot aot,
        @DefaultValue("benchmarks/target/run") Path folder) {

    private static final String PREFIX = "nod.benchmark";

    BenchmarkSettings {
        warmUpRate = warmUpRate == 0 ? rate : warmUpRate;
        checkPositive("rate", rate);
        checkPositive("warm-up-rate", warmUpRate);
        checkPositive("phones", phones);
        checkPositive("instances", instances);
        checkPositive("callers", callers);
        checkPositive("backlog", backlog);
    }

    private static void checkPositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s: %d, expected 1 or more".formatted(name, value));
        }
    }

    /**
     * From the arguments of the program.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException where one is not known
     *     or has no such value
     */
    static BenchmarkSettings of(String... arguments) {
        var given = new SimpleCommandLinePropertySource(arguments);
        var properties =
                Arrays.stream(given.getPropertyNames())
                        .collect(toMap(name -> PREFIX + "." + name, given::getProperty));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate(
                        PREFIX,
                        Bindable.of(BenchmarkSettings.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    }
}
