package nod.standalone;

import nod.collector.ResponseCollectorApplication;
import nod.dispatcher.DispatcherApplication;
import nod.gateway.GatewayApplication;
import nod.standalone.host.ChildJvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

/** Services with settings of a test's own: in this JVM, or in a child that has other classes. */
public final class ServicesMain {

    private static final Map<String, Class<?>> APPLICATIONS =
            Map.of(
                    "gateway", GatewayApplication.class,
                    "dispatcher", DispatcherApplication.class,
                    "response-collector", ResponseCollectorApplication.class);

    private ServicesMain() {}

    /**
     * Starts the services whose settings the files hold, each named as its service, with {@code
     * .properties} behind; says so, and stops them when it is asked to end.
     */
    public static void main(String[] files) throws IOException {
        ProcessLog.silence();
        try {
            for (var file : files) {
                var service = start(Path.of(file));
                Runtime.getRuntime().addShutdownHook(new Thread(service::close));
            }
        } catch (RuntimeException e) {
            // Spring Boot has logged it, which nobody sees, and would now end without a word.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        ChildJvm.stayUntilParentDies();
    }

    /** Returns when the service is ready. */
    public static Running start(Path file) throws IOException {
        var properties = new Properties();
        try (var text = Files.newBufferedReader(file)) {
            properties.load(text);
        }
        var name = file.getFileName().toString().replace(".properties", "");
        var service =
                Service.start(
                        name,
                        Objects.requireNonNull(APPLICATIONS.get(name)),
                        properties.stringPropertyNames().stream()
                                .collect(Collectors.toMap(key -> key, properties::getProperty)));
        return service::close;
    }

    /** A service in this JVM. */
    public interface Running extends AutoCloseable {

        @Override
        void close();
    }
}
