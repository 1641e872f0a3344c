package dev.wisp.node.image;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A layer that is unpacked.
 *
 * @param folder name of its folder: short and without meaning, since the paths of lower layers can be read inside sandboxes
 * @param unpackedBytes size of its tar stream
 * @param rootOpaque whether it hides all layers below it
 */
record LayerRecord(String folder, long unpackedBytes, boolean rootOpaque) {

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,15}) ([0-9]{1,18}) (true|false)\n");

    /** Empty for what {@link #text()} did not write. */
    static Optional<LayerRecord> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new LayerRecord(
                        matcher.group(1), Long.parseLong(matcher.group(2)), Boolean.parseBoolean(matcher.group(3))))
                : Optional.empty();
    }

    String text() {
        return folder + " " + unpackedBytes + " " + rootOpaque + "\n";
    }
}
