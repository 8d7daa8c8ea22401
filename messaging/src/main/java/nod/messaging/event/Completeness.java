package nod.messaging.event;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds what a record must have and lacks. JSON that leaves out a field, or says null, becomes a
 * null in the record, wherever it is allowed or not.
 */
final class Completeness {

    private Completeness() {}

    /**
     * The path of a component that is null without being {@link Nullable}; empty if there is none.
     */
    static Optional<String> firstMissing(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> missing(record, component))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> missing(Record record, RecordComponent component) {
        var value = value(record, component);
        if (value == null) {
            return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    ? Optional.empty()
                    : Optional.of(component.getName());
        }
        return value instanceof Record nested
                ? firstMissing(nested).map(path -> component.getName() + "." + path)
                : Optional.empty();
    }

    private static @Nullable Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("events and their accessors are public", impossible);
        }
    }
}
