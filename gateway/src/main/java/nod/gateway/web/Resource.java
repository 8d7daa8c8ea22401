package nod.gateway.web;

import nod.gateway.security.Access;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A path of the API. Two features may share one, each with methods of its own.
 *
 * @param path below {@code /api/v3}, with {@code {variables}} and its trailing slash; the variable
 *     {@code uuid} names a device
 * @param access which credentials it takes, for every method
 * @param produces the media types of its answers, the preferred first; refusals are JSON on every
 *     path
 * @param operations what each method does
 */
public record Resource(
        String path,
        Access access,
        List<MediaType> produces,
        Map<HttpMethod, Operation> operations) {

    public Resource {
        produces = List.copyOf(produces);
        operations = Map.copyOf(operations);
    }

    /** A path that answers in JSON. */
    public Resource(String path, Access access, Map<HttpMethod, Operation> operations) {
        this(path, access, List.of(MediaType.APPLICATION_JSON), operations);
    }

    /** Whether one of these media types, as an Accept header lists them, can be served. */
    boolean satisfies(List<MediaType> accept) {
        return accept.isEmpty()
                || accept.stream().anyMatch(asked -> produces.stream().anyMatch(asked::includes));
    }

    /** This path with the methods of both. */
    Resource with(Resource other) {
        if (access != other.access || !produces.equals(other.produces)) {
            throw new IllegalStateException(
                    path + ": expected one kind of credentials and the same media types");
        }
        var both = new HashMap<>(operations);
        both.putAll(other.operations);
        return new Resource(path, access, produces, both);
    }
}
