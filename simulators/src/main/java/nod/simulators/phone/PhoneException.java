package nod.simulators.phone;

import java.io.Serial;

/** The phone got something else than it may expect. The message never holds a token. */
public final class PhoneException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    PhoneException(String message) {
        super(message);
    }

    PhoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
