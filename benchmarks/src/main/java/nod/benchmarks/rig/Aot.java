package nod.benchmarks.rig;

/** What the AOT caches of the services are made of: what their JVMs found out before. */
public enum Aot {
    /** There are none: services are started from their jars. */
    NONE,
    /** A start, which ends before it would need a server; as in the images. */
    START,
    /** Logins, in a run before: how often what was called is known as well. */
    LOAD
}
