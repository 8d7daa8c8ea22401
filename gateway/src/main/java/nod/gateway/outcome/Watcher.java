package nod.gateway.outcome;

import nod.gateway.transaction.MobileTransaction.Delivery;

/** Somebody who follows one transaction. Called on any thread; never blocks. */
interface Watcher {

    /** The transaction may be decided: its row says so or will not change for now. */
    void decided();

    /** A device was reached, or not. May be told twice, and before the row says so. */
    void delivered(Delivery delivery);

    /** This instance is about to stop. May be told twice. */
    void stopped();

    /** Whether it wants to hear of deliveries. */
    boolean followsDeliveries();
}
