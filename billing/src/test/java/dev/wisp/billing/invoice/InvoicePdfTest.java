package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.rating.Meter;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

class InvoicePdfTest {

    private static final Instant ISSUED = Instant.parse("2026-12-01T08:00:00Z");

    @Test
    void everyLineAndTheTotalCanBeReadOverAsManyPagesAsItTakes() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (int i = 1; i <= 120; i++) {
            lines.add(new Line(
                    "2026-11-" + i,
                    Category.USAGE,
                    3,
                    Meter.REQUESTS,
                    "Meter number " + i,
                    "1.5",
                    "Requests",
                    List.of(),
                    "1/1",
                    "0.0" + i % 10,
                    null,
                    null));
        }
        InvoiceDocument invoice = new InvoiceDocument(
                42L,
                "INVOICE",
                null,
                "Wisp",
                "default",
                LocalDate.of(2026, 11, 1),
                ISSUED,
                ISSUED,
                "USD",
                lines,
                "5.40",
                "0.00",
                "0.00",
                "5.40",
                List.of(),
                null);

        String text = text(InvoicePdf.of(invoice));

        assertThat(text)
                .contains(
                        "Invoice 42",
                        "From Wisp, to account default, for 2026-11",
                        "Issued 2026-12-01T08:00:00Z",
                        "5.40");
        for (int i = 1; i <= 120; i++) {
            assertThat(text).contains("Meter number " + i);
        }
    }

    private static String text(byte[] pdf) throws IOException {
        try (PdfReader reader = new PdfReader(pdf)) {
            assertThat(reader.getNumberOfPages()).isGreaterThan(1);
            StringBuilder text = new StringBuilder();
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                text.append(new PdfTextExtractor(reader).getTextFromPage(page)).append('\n');
            }
            return text.toString();
        }
    }
}
