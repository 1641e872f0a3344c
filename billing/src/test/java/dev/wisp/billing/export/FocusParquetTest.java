package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.wisp.billing.invoice.InvoiceDocument;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files are read back by a library that shares nothing with the one that wrote them, and written as CSV: line by line the same. */
class FocusParquetTest {

    static List<InvoiceDocument> documents() {
        return FocusDocuments.documents().toList();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void anotherLibraryReadsWhatTheCsvSays(InvoiceDocument document) throws IOException {
        FocusPeriod datasets = FocusDocuments.period(document);

        check(FocusColumns.COST_AND_USAGE, datasets.costAndUsage(FocusDocuments.usage()));
        check(FocusColumns.INVOICE_DETAIL, datasets.invoiceDetail());
        check(FocusColumns.BILLING_PERIOD, datasets.billingPeriod());
    }

    @Test
    void keepsEveryDigitAndNegativesAndTextsAsTheyAre() throws IOException {
        List<String> columns = List.of("BilledCost", "ChargePeriodStart", "ChargeDescription", "SkuId");
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String number : List.of("0.000000000000000001", "-99999999999999999999.999999999999999999", "1E+3", "0")) {
            rows.add(Map.of(
                    "BilledCost",
                    new BigDecimal(number),
                    "ChargePeriodStart",
                    Instant.parse("2026-11-05T10:00:00.123456Z"),
                    "ChargeDescription",
                    "=1+\"é\"\n"));
        }

        List<Map<String, Object>> read = read(columns, FocusParquet.of(columns, rows));

        assertThat(FocusCsv.of(columns, read)).isEqualTo(FocusCsv.of(columns, rows));
        assertThat(read.getFirst()).containsEntry("ChargeDescription", "=1+\"é\"\n");
    }

    @Test
    void refusesANumberThatDoesNotFitRatherThanRoundIt() {
        for (String number : List.of("0.0000000000000000001", "100000000000000000000")) {
            List<Map<String, Object>> rows = List.of(Map.of("BilledCost", new BigDecimal(number)));
            assertThatThrownBy(() -> FocusParquet.of(List.of("BilledCost"), rows))
                    .isInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void aDatasetWithoutARowIsAFileWithColumns() throws IOException {
        byte[] file = FocusParquet.of(FocusColumns.COST_AND_USAGE, List.of());

        assertThat(read(FocusColumns.COST_AND_USAGE, file)).isEmpty();
    }

    private static void check(List<String> columns, List<Map<String, Object>> rows) throws IOException {
        List<Map<String, Object>> read = read(columns, FocusParquet.of(columns, rows));

        assertThat(FocusCsv.of(columns, read).lines())
                .containsExactlyElementsOf(FocusCsv.of(columns, rows).lines().toList());
    }

    private static List<Map<String, Object>> read(List<String> columns, byte[] file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                RowReader row = reader.rowReader()) {
            while (row.hasNext()) {
                row.next();
                Map<String, Object> found = new HashMap<>();
                for (int at = 0; at < columns.size(); at++) {
                    if (!row.isNull(at)) {
                        found.put(columns.get(at), row.getValue(at));
                    }
                }
                rows.add(found);
            }
        }
        return rows;
    }
}
