package nod.gateway.web;

import java.util.List;

/** A feature's part of the API; every bean of this type is served. */
public interface Api {

    /** The paths that this feature answers. */
    List<Resource> resources();
}
