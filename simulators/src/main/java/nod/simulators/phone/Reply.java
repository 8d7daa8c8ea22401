package nod.simulators.phone;

/**
 * An answer of the gateway.
 *
 * @param body empty where there is none
 */
public record Reply(int status, String body) {}
