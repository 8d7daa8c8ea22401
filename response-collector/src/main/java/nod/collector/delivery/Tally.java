package nod.collector.delivery;

import java.util.List;

/** Who counts what becomes of deliveries. Thread-safe. */
public interface Tally {

    /** What came of a try. */
    void tried(String endpoint, Answer answer);

    /** An outcome will not be told. */
    void givenUp(String endpoint);

    /** How the endpoints stand. */
    void stand(List<Standing> now);
}
