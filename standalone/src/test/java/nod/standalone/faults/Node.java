package nod.standalone.faults;

/** A part of the system that is a process of its own. */
public interface Node extends AutoCloseable {

    /** As the report calls it. */
    String name();

    /** Starts it; does not wait until it is ready. */
    void start();

    /** Returns when it does its work. */
    void awaitReady();

    /** SIGKILL: nothing in it gets to know. */
    void kill();

    /** SIGSTOP: it stands still, and its connections stay open. */
    void pause();

    /** SIGCONT. */
    void resume();

    @Override
    void close();
}
