package nod.standalone.faults;

import java.util.List;

/** A user with phones. */
record Person(String user, List<Phone> phones) {

    Phone first() {
        return phones.getFirst();
    }

    Phone last() {
        return phones.getLast();
    }
}
