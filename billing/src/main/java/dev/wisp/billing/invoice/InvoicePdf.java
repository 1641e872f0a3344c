package dev.wisp.billing.invoice;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.FontFactory;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;
import org.openpdf.text.pdf.PdfWriter;

/** An invoice as a page for people: who, what, and how much; the JSON document is what counts. */
final class InvoicePdf {

    private static final Font TITLE = FontFactory.getFont(FontFactory.HELVETICA_BOLD, 18);
    private static final Font TEXT = FontFactory.getFont(FontFactory.HELVETICA, 9);
    private static final Font BOLD = FontFactory.getFont(FontFactory.HELVETICA_BOLD, 9);
    private static final float[] WIDTHS = {5, 2.5f, 2.2f, 1.6f};

    private InvoicePdf() {}

    static byte[] of(InvoiceDocument invoice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Document page = new Document(PageSize.A4)) {
            PdfWriter.getInstance(page, out);
            page.addTitle(title(invoice));
            page.open();
            page.add(new Paragraph(title(invoice), TITLE));
            page.add(new Paragraph(head(invoice), TEXT));
            page.add(new Paragraph(" ", TEXT));
            page.add(lines(invoice));
        }
        return out.toByteArray();
    }

    private static String title(InvoiceDocument invoice) {
        String kind = invoice.kind().equals(InvoiceDocument.CREDIT_NOTE) ? "Credit note" : "Invoice";
        return invoice.number() == null ? "Draft" : "%s %d".formatted(kind, invoice.number());
    }

    private static String head(InvoiceDocument invoice) {
        StringBuilder head = new StringBuilder("From %s, to account %s, for %s"
                .formatted(
                        invoice.issuer(),
                        invoice.account(),
                        invoice.month().toString().substring(0, 7)));
        append(head, "Issued ", invoice.issuedAt());
        append(head, "Due ", invoice.dueAt());
        append(head, "Refers to invoice ", invoice.refersTo());
        return head.toString();
    }

    private static void append(StringBuilder head, String what, @Nullable Object value) {
        if (value != null) {
            head.append('\n').append(what).append(value);
        }
    }

    private static PdfPTable lines(InvoiceDocument invoice) {
        PdfPTable table = new PdfPTable(WIDTHS);
        table.setWidthPercentage(100);
        table.setHeaderRows(1);
        row(table, BOLD, "For", "Quantity", "Unit", "Amount " + invoice.currency());
        for (InvoiceDocument.Line line : invoice.lines()) {
            row(table, TEXT, description(line), text(line.quantity()), text(line.unit()), line.amount());
        }
        row(table, BOLD, "Total", "", "", invoice.total());
        return table;
    }

    private static String description(InvoiceDocument.Line line) {
        return line.priceVersion() == null
                ? line.description()
                : "%s (prices %d)".formatted(line.description(), line.priceVersion());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static void row(PdfPTable table, Font font, String what, String quantity, String unit, String amount) {
        table.addCell(cell(what, font, Element.ALIGN_LEFT));
        table.addCell(cell(quantity, font, Element.ALIGN_RIGHT));
        table.addCell(cell(unit, font, Element.ALIGN_LEFT));
        table.addCell(cell(amount, font, Element.ALIGN_RIGHT));
    }

    private static PdfPCell cell(String text, Font font, int alignment) {
        PdfPCell cell = new PdfPCell(new Phrase(text, font));
        cell.setHorizontalAlignment(alignment);
        return cell;
    }
}
