package nod.messaging.event;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a record must have and lacks. JSON that leaves out a field, or says null, becomes a
 * null in the record, wherever it is allowed or not.
 */
final class Completeness {

    /** Looked up once for each kind of record, not for each event. */
    private static final ClassValue<List<Component>> COMPONENTS =
            new ClassValue<>() {
                @Override
                protected List<Component> computeValue(Class<?> type) {
                    return Arrays.stream(type.getRecordComponents()).map(Component::of).toList();
                }
            };

    private record Component(String name, boolean nullable, Method accessor) {

        static Component of(RecordComponent component) {
            return new Component(
                    component.getName(),
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                    component.getAccessor());
        }

        Optional<String> missing(Record record) {
            var value = value(record);
            if (value == null) {
                return nullable ? Optional.empty() : Optional.of(name);
            }
            return value instanceof Record nested
                    ? firstMissing(nested).map(path -> name + "." + path)
                    : Optional.empty();
        }

        private @Nullable Object value(Record record) {
            try {
                return accessor.invoke(record);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(
                        "events and their accessors are public", impossible);
            }
        }
    }

    private Completeness() {}

    /**
     * The path of a component that is null without being {@link Nullable}; empty if there is none.
     */
    static Optional<String> firstMissing(Record record) {
        for (var component : COMPONENTS.get(record.getClass())) {
            var missing = component.missing(record);
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }
}
