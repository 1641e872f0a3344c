package dev.wisp.cli.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows under a header, columns as wide as their widest cell; numbers to the right. */
public final class Table {

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /** A name that begins with {@code >} makes a column of numbers. */
    public Table(String... header) {
        this.header = List.of(header);
    }

    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(cells.length, header.size()));
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(Console.safe(String.valueOf(cell)));
        }
        rows.add(Collections.unmodifiableList(row));
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Lines without trailing blanks. */
    public List<String> lines(boolean withHeader) {
        List<List<String>> all = new ArrayList<>();
        if (withHeader) {
            all.add(header.stream().map(Table::title).toList());
        }
        all.addAll(rows);
        int[] widths = new int[header.size()];
        for (List<String> row : all) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String blanks = " ".repeat(widths[column] - cell.length());
            boolean number = header.get(column).startsWith(">");
            line.append(column == 0 ? "" : GAP).append(number ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private static String title(String name) {
        return name.startsWith(">") ? name.substring(1) : name;
    }
}
