package nod.gateway.web;

/** A refusal of something that nobody needs to try often: too many are answered with 429. */
public final class CountedRefusal extends RuntimeException {

    private final Refusal refusal;

    /**
     * @param refusal how it is answered while there are not too many
     */
    public CountedRefusal(Refusal refusal) {
        super(refusal.getMessage(), refusal, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
