package nod.gateway.web;

import nod.gateway.security.Access;

import org.springframework.http.HttpMethod;

import java.util.HashMap;
import java.util.Map;

/**
 * A path of the API. Two features may share one, each with methods of its own.
 *
 * @param path below {@code /api/v3}, with {@code {variables}} and its trailing slash; the variable
 *     {@code uuid} names a device
 * @param access which credentials it takes, for every method
 * @param operations what each method does
 */
public record Resource(String path, Access access, Map<HttpMethod, Operation> operations) {

    public Resource {
        operations = Map.copyOf(operations);
    }

    /** This path with the methods of both. */
    Resource with(Resource other) {
        if (access != other.access) {
            throw new IllegalStateException(path + ": expected one kind of credentials");
        }
        var both = new HashMap<>(operations);
        both.putAll(other.operations);
        return new Resource(path, access, both);
    }
}
