package dev.wisp.node.image;

import dev.wisp.contracts.revision.ImageRef;
import java.util.Set;

/** Images unpacked on this node. Thread-safe; two callers asking for one layer unpack it once. */
public interface ImageStore extends AutoCloseable {

    /**
     * Pulls and unpacks what is missing and returns the image; at once when all of it is here. Blocks; call it from a thread that may.
     *
     * @throws dev.wisp.contracts.problem.ProblemException E11xx, naming image and layer; nothing half done is left behind
     */
    UnpackedImage prepare(ImageRef image);

    /** Folders and files of the store that belong to no image and to nothing that is being made, by name. */
    default Set<String> strays() {
        return Set.of();
    }

    @Override
    void close();
}
