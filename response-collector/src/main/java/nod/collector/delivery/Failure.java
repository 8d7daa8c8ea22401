package nod.collector.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Why a try told nothing, as far as is known.
 *
 * @param status what was answered; null where nothing was
 * @param cause why nothing was answered; null where something was
 * @param doubt whether it may have told it nevertheless
 */
record Failure(@Nullable Integer status, @Nullable String cause, boolean doubt) {

    Failure(int status, boolean doubt) {
        this(status, null, doubt);
    }

    Failure(String cause, boolean doubt) {
        this(null, cause, doubt);
    }

    /** For people. */
    String why() {
        return status == null ? String.valueOf(cause) : "status " + status;
    }
}
