package nod.collector;

import jakarta.validation.ConstraintValidatorContext;

/** What one property of several that belong together has to be. */
final class Requirement {

    private Requirement() {}

    /**
     * Adds a violation of the property where something does not hold.
     *
     * @param expected what the property is expected to be
     * @return whether it holds
     */
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
