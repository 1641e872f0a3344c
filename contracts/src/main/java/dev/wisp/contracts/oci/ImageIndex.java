package dev.wisp.contracts.oci;

import java.util.List;
import java.util.Optional;

/** Images of one name for several platforms. */
public record ImageIndex(List<Entry> entries) implements OciDocument {

    /** One of them; {@code os} and {@code architecture} are empty when the index does not say. */
    public record Entry(Descriptor manifest, String os, String architecture) {

        public String platform() {
            return os.isEmpty() && architecture.isEmpty() ? "unknown" : os + "/" + architecture;
        }
    }

    public ImageIndex {
        entries = List.copyOf(entries);
    }

    /** The first entry for a platform; an index with a single entry that names no platform means that one. */
    public Optional<Entry> forPlatform(String os, String architecture) {
        if (entries.size() == 1 && entries.getFirst().platform().equals("unknown")) {
            return Optional.of(entries.getFirst());
        }
        return entries.stream()
                .filter(entry -> entry.os().equals(os) && entry.architecture().equals(architecture))
                .findFirst();
    }
}
