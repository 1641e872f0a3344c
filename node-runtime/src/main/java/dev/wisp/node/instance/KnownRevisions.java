package dev.wisp.node.instance;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last known revisions and plans on disk, one file each, so that a node which starts while the broker is away serves what it served
 * before. What cannot be read or written is logged and done without.
 */
final class KnownRevisions {

    private static final String SUFFIX = ".json";

    private final Path folder;

    KnownRevisions(Path folder) {
        this.folder = folder;
    }

    /**
     * What is remembered.
     *
     * @param share this node's part of the newest plan, null when none is known
     * @param proved whether an instance of it has been ready on this node
     */
    record Known(RevisionSpec spec, @Nullable NodeShare share, long epoch, boolean proved) {}

    List<Known> load() {
        List<Known> known = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().forEach(file -> read(file, known));
            }
        } catch (IOException e) {
            Log.warnf("cannot read the last known revisions in %s: %s", folder, e);
        }
        return known;
    }

    void save(Known known) {
        Path file = file(known.spec().id());
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(written, WireJson.write(known));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Log.warnf("cannot remember revision=%s: %s", known.spec().id(), e);
        }
    }

    void forget(RevisionId id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            Log.warnf("cannot forget revision=%s: %s", id, e);
        }
    }

    private Path file(RevisionId id) {
        return folder.resolve(id.namespace() + "~" + id.name() + SUFFIX);
    }

    private static void read(Path file, List<Known> known) {
        try {
            known.add(WireJson.read(Files.readAllBytes(file), Known.class));
        } catch (IOException | IllegalArgumentException e) {
            Log.warnf("the file %s is not a revision and is passed over: %s", file, e.getMessage());
        }
    }
}
