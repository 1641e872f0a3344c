package dev.wisp.billing.invoice;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An invoice's lines as CSV by RFC 4180. A text that a spreadsheet would take for a formula is kept from it by an apostrophe. */
public final class InvoiceCsv {

    private static final List<String> HEADER = List.of(
            "Number",
            "Line",
            "Category",
            "Description",
            "PriceVersion",
            "Meter",
            "Quantity",
            "Unit",
            "ExactPicos",
            "Amount",
            "Currency");

    private InvoiceCsv() {}

    static String of(InvoiceDocument document) {
        return Stream.concat(
                        Stream.of(HEADER.stream().collect(Collectors.joining(","))),
                        document.lines().stream().map(line -> row(document, line)))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static String row(InvoiceDocument document, InvoiceDocument.Line line) {
        return Stream.of(
                        number(document.number()),
                        text(line.id()),
                        line.category().name(),
                        text(line.description()),
                        number(line.priceVersion()),
                        line.meter() == null ? "" : line.meter().name(),
                        number(line.quantity()),
                        text(line.unit()),
                        line.exact(),
                        line.amount(),
                        document.currency())
                .collect(Collectors.joining(","));
    }

    private static String number(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    public static String text(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        String safe = "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
