package dev.wisp.node.linux;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;

/** Machine code as people read it: lines of {@code label: | bytes | instruction}. */
record Listing(String text) {

    /** The code alone. */
    byte[] bytes() {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        lines().forEach(line -> code.writeBytes(bytes(line)));
        return code.toByteArray();
    }

    /** Where the instruction with this label starts. */
    int offsetOf(String label) {
        int offset = 0;
        for (String line : lines()) {
            if (label(line).equals(label + ":")) {
                return offset;
            }
            offset += bytes(line).length;
        }
        throw new IllegalArgumentException("label=%s, not in the listing".formatted(label));
    }

    /** What an assembler takes: labels and instructions, remarks removed. */
    String source() {
        StringBuilder source = new StringBuilder();
        for (String line : lines()) {
            String instruction = line.substring(line.lastIndexOf('|') + 1);
            source.append(label(line))
                    .append('\t')
                    .append(instruction.replaceFirst(";.*", "").strip())
                    .append('\n');
        }
        return source.toString();
    }

    private List<String> lines() {
        return text.lines().toList();
    }

    private static String label(String line) {
        return line.substring(0, line.indexOf('|')).strip();
    }

    private static byte[] bytes(String line) {
        int start = line.indexOf('|') + 1;
        return HexFormat.ofDelimiter(" ")
                .parseHex(line.substring(start, line.indexOf('|', start)).strip());
    }
}
