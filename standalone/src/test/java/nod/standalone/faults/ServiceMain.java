package nod.standalone.faults;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/**
 * One of the services as its own program, with a clock that may be wrong.
 *
 * <p>Arguments: the application's class, the name of its configuration, then its properties.
 */
final class ServiceMain {

    /** System property: how far its clock is off, as an ISO-8601 duration. */
    static final String SKEW = "nod.faults.skew";

    private ServiceMain() {}

    public static void main(String[] arguments) throws ClassNotFoundException {
        new SpringApplicationBuilder(Class.forName(arguments[0]))
                .properties("spring.config.name=" + arguments[1])
                .initializers(ServiceMain::skewClocks)
                .run(Arrays.copyOfRange(arguments, 2, arguments.length));
    }

    private static void skewClocks(ConfigurableApplicationContext context) {
        var skew = Duration.parse(System.getProperty(SKEW, "PT0S"));
        context.getBeanFactory().addBeanPostProcessor(new Skewing(skew));
    }

    /** Every clock that the service asks is off by as much. */
    private record Skewing(Duration skew) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof Clock clock ? Clock.offset(clock, skew) : bean;
        }
    }
}
