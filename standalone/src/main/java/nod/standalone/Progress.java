package nod.standalone;

/** Is told of each step of a start when it is done; by several threads. */
@FunctionalInterface
public interface Progress {
    /** Nobody wants to know. */
    Progress SILENT = step -> {};

    /**
     * @param step what is there now, as a short noun phrase: "Kafka on 127.0.0.1:9092"
     */
    void done(String step);
}
