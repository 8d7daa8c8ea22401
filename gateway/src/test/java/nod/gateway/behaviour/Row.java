package nod.gateway.behaviour;

import org.junit.jupiter.api.function.Executable;

/**
 * Shows one sentence of the page.
 *
 * @param number the sentence's
 * @param shown fails where the gateway does not behave as it says
 */
record Row(int number, Executable shown) {}
