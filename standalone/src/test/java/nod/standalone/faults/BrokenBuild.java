package nod.standalone.faults;

import nod.standalone.faults.Violation.Promise;
import nod.standalone.host.ChangedSources;
import nod.standalone.host.ChangedSources.Change;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A service with one thing broken on purpose: its own sources with a few words changed.
 *
 * @param breaks what the checker has to name
 */
record BrokenBuild(String name, Promise breaks, List<Change> changes) {

    @Override
    public String toString() {
        return name;
    }

    /**
     * Compiles the changed classes.
     *
     * @return the folder to put before everything else on the class path
     */
    Path compile(Path folder) throws IOException {
        return ChangedSources.compile(changes, folder);
    }
}
