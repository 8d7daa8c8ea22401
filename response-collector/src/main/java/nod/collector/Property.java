package nod.collector;

import jakarta.validation.ConstraintValidatorContext;

/** Says of a property of a group that it is wrong. */
final class Property {

    private Property() {}

    /** The same; where it does not hold, the property is named with what is expected of it. */
    static boolean require(
            boolean holds, ConstraintValidatorContext context, String property, String expected) {
        if (!holds) {
            context.buildConstraintViolationWithTemplate(expected)
                    .addPropertyNode(property)
                    .addConstraintViolation();
        }
        return holds;
    }
}
