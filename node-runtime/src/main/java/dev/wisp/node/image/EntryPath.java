package dev.wisp.node.image;

import dev.wisp.contracts.oci.OciParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A checked name of a layer's entry, relative to the layer's root. Leading slashes and {@code .} mean nothing, as with other engines;
 * {@code ..} has no place in a layer.
 *
 * @param components none of them empty, {@code .} or {@code ..}; no component at all is the root
 */
record EntryPath(List<String> components) {

    private static final int COMPONENT_BYTES_MAX = 255;

    /** Leaves room below PATH_MAX for the store's own folder. */
    private static final int BYTES_MAX = 3072;

    private static final int DEPTH_MAX = 256;

    private static final String WHITEOUT_PREFIX = ".wh.";
    private static final String OPAQUE_MARK = ".wh..wh..opq";

    /** What AUFS kept for itself under this prefix is no content. */
    private static final String AUFS_PREFIX = ".wh..wh.";

    EntryPath {
        components = List.copyOf(components);
    }

    static EntryPath parse(String name) throws RefusedLayerException {
        requireText(name, BYTES_MAX);
        List<String> components = new ArrayList<>();
        for (String component : name.split("/")) {
            if (component.equals("..")) {
                throw RefusedLayerException.broken("has an entry with .. in its name: " + OciParser.excerpt(name));
            }
            if (component.getBytes(StandardCharsets.UTF_8).length > COMPONENT_BYTES_MAX) {
                throw RefusedLayerException.broken(
                        "has a file name longer than %d bytes".formatted(COMPONENT_BYTES_MAX));
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        if (components.size() > DEPTH_MAX) {
            throw RefusedLayerException.broken("nests folders deeper than " + DEPTH_MAX);
        }
        return new EntryPath(components);
    }

    /** Refuses what cannot be a path: NUL would end it early, and U+FFFD stands for bytes that are not UTF-8. */
    static void requireText(String text, int bytesMax) throws RefusedLayerException {
        if (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
            throw RefusedLayerException.broken("has a name that is not text in UTF-8: " + OciParser.excerpt(text));
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            throw RefusedLayerException.broken("has a name longer than %d bytes".formatted(bytesMax));
        }
    }

    boolean isRoot() {
        return components.isEmpty();
    }

    String name() {
        return components.getLast();
    }

    EntryPath parent() {
        return new EntryPath(components.subList(0, components.size() - 1));
    }

    boolean marksParentOpaque() {
        return !isRoot() && name().equals(OPAQUE_MARK);
    }

    /** Whether it is, or lies in, something that AUFS kept for itself. */
    boolean isAufsLeftover() {
        return components.stream().anyMatch(component -> component.startsWith(AUFS_PREFIX));
    }

    boolean isWhiteout() {
        return !isRoot() && name().startsWith(WHITEOUT_PREFIX);
    }

    /** What a whiteout removes. */
    EntryPath removed() throws RefusedLayerException {
        String removed = name().substring(WHITEOUT_PREFIX.length());
        if (removed.isEmpty() || removed.equals(".") || removed.equals("..")) {
            throw RefusedLayerException.broken("has a whiteout for no name");
        }
        List<String> path = new ArrayList<>(parent().components());
        path.add(removed);
        return new EntryPath(path);
    }

    @Override
    public String toString() {
        return isRoot() ? "." : String.join("/", components);
    }
}
