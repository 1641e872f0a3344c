package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.StoredInvoice;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of the FOCUS 1.4 specification: which columns there are, which may be null, what values they take, and that sums agree. */
class FocusDatasetsTest {

    private static final Set<String> COST_AND_USAGE_MANDATORY = Set.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ContractedCost",
            "EffectiveCost",
            "HostProviderName",
            "InvoiceIssuerName",
            "ListCost",
            "PricingQuantity",
            "PricingUnit",
            "ServiceCategory",
            "ServiceName",
            "ServiceProviderName");

    private static final Set<String> COST_AND_USAGE_NULLABLE = Set.of(
            "BillingAccountName",
            "ChargeClass",
            "ChargeDescription",
            "ConsumedQuantity",
            "ConsumedUnit",
            "ContractedUnitPrice",
            "InvoiceDetailId",
            "InvoiceId",
            "ListUnitPrice",
            "PricingCategory",
            "PricingQuantity",
            "PricingUnit",
            "ResourceId",
            "ResourceName",
            "ResourceType",
            "SkuId",
            "SkuMeter",
            "SkuPriceDetails",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "Tags",
            "x_ColdStartCount",
            "x_InstanceState",
            "x_InvocationCount",
            "x_LedgerRoot",
            "x_Revision");

    private static final Set<String> INVOICE_DETAIL_MANDATORY = Set.of(
            "BilledCost",
            "BillingAccountId",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "InvoiceDetailCreated",
            "InvoiceDetailDescription",
            "InvoiceDetailGrain",
            "InvoiceDetailId",
            "InvoiceDetailLastUpdated",
            "InvoiceId",
            "InvoiceIssueDate",
            "InvoiceIssueStatus",
            "InvoiceIssuerName",
            "PaymentCurrency",
            "PaymentDueDate",
            "PaymentTerms",
            "ReferenceInvoiceId");

    private static final Set<String> INVOICE_DETAIL_NULLABLE =
            Set.of("InvoiceDetailDescription", "InvoiceDetailGrain", "InvoiceIssueDate", "PaymentDueDate");

    private static final Set<String> UNITS = Set.of("Requests", "Core-Seconds", "GiB-Seconds", "GB");

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void costAndUsageHasTheColumnsAndValuesThatItMust(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        assertThat(FocusColumns.COST_AND_USAGE)
                .containsAll(COST_AND_USAGE_MANDATORY)
                .doesNotHaveDuplicates();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(row).containsKeys(without(FocusColumns.COST_AND_USAGE, COST_AND_USAGE_NULLABLE));
            assertThat(FocusColumns.COST_AND_USAGE).containsAll(row.keySet());
            assertThat(row.get("ChargeCategory")).isIn("Usage", "Purchase", "Tax", "Credit", "Adjustment");
            assertThat(row.get("ChargeClass")).isIn(null, "Correction");
            assertThat(row.get("ChargeFrequency")).isIn("One-Time", "Recurring", "Usage-Based");
            assertThat(row.get("ServiceCategory")).isEqualTo("Compute");
            assertThat((Instant) row.get("ChargePeriodStart")).isBefore((Instant) row.get("ChargePeriodEnd"));
            assertThat((Instant) row.get("ChargePeriodEnd")).isBeforeOrEqualTo((Instant) row.get("BillingPeriodEnd"));
            assertThat(time(row, "ChargePeriodStart").isBefore(time(row, "BillingPeriodStart")))
                    .as("what was used in an earlier month corrects it")
                    .isEqualTo(Objects.equals(row.get("ChargeClass"), "Correction"));
        });
        assertThat(rows)
                .filteredOn(row -> row.containsKey("ResourceId"))
                .isNotEmpty()
                .allSatisfy(
                        row -> assertThat(row.get("ConsumedUnit")).isIn(UNITS).isEqualTo(row.get("PricingUnit")));
    }

    /** The rules of each column on when it may be null, and that costs are prices times quantities. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void whatIsUsedOrBoughtHasASkuAPriceAndAQuantity(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        assertThat(rows).allSatisfy(row -> {
            boolean corrects = "Correction".equals(row.get("ChargeClass"));
            boolean priced = !corrects && Set.of("Usage", "Purchase").contains(row.get("ChargeCategory"));
            if (priced) {
                assertThat(row)
                        .containsKeys(
                                "ContractedUnitPrice",
                                "ListUnitPrice",
                                "PricingCategory",
                                "PricingQuantity",
                                "PricingUnit",
                                "SkuId",
                                "SkuMeter",
                                "SkuPriceId");
                assertProduct(row, "ListUnitPrice", "ListCost");
                assertProduct(row, "ContractedUnitPrice", "ContractedCost");
            } else {
                assertThat(row).doesNotContainKeys("SkuId", "SkuPriceId", "PricingQuantity", "PricingUnit");
            }
            assertThat(row.containsKey("ConsumedQuantity"))
                    .isEqualTo(priced && Objects.equals(row.get("ChargeCategory"), "Usage"));
            assertThat(row.containsKey("SkuPriceDetails"))
                    .isEqualTo(List.of("memory_time", "vcpu_time").contains(row.getOrDefault("SkuId", "")));
            assertThat("Purchase".equals(row.get("ChargeCategory")) && "Usage-Based".equals(row.get("ChargeFrequency")))
                    .isFalse();
        });
        assertThat(rows)
                .filteredOn(row -> "Purchase".equals(row.get("ChargeCategory")))
                .singleElement()
                .satisfies(row ->
                        assertThat(row).containsEntry("SkuPriceId", "fee-v1").containsEntry("PricingUnit", "Months"));
    }

    @Test
    void tagsAreTheLabelsOfTheRevision() {
        List<Map<String, Object>> rows =
                FocusDocuments.period(FocusDocuments.document(7L)).costAndUsage(FocusDocuments.usage());

        assertThat(rows)
                .filteredOn(row -> "default/hello".equals(row.get("ResourceName")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).containsEntry("Tags", FocusDocuments.TAGS));
        assertThat(rows)
                .filteredOn(row -> !"default/hello".equals(row.get("ResourceName")))
                .isNotEmpty()
                .noneMatch(row -> row.containsKey("Tags"));
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void billedCostOfAllRowsIsTheInvoicesToTheMinorUnitByLine(InvoiceDocument document) {
        List<Map<String, Object>> rows =
                ofTheBill(FocusDocuments.period(document).costAndUsage(FocusDocuments.usage()));

        Map<String, BigDecimal> byLine = new HashMap<>();
        rows.forEach(row ->
                byLine.merge(String.valueOf(row.get("InvoiceDetailId")), decimal(row, "BilledCost"), BigDecimal::add));
        assertThat(byLine).hasSize(document.lines().size());
        document.lines().forEach(line -> assertThat(byLine.get(line.id())).isEqualByComparingTo(line.amount()));
    }

    /** The specification has the list cost of a charge that is calculated from others follow from theirs, and that of any other be what is billed. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void costsOfTaxAreItsRateOfThoseOfWhatIsTaxed(InvoiceDocument document) {
        List<Map<String, Object>> rows =
                ofTheBill(FocusDocuments.period(document).costAndUsage(FocusDocuments.usage()));

        List<Map<String, Object>> taxed = rows.stream()
                .filter(row -> !"Tax".equals(row.get("ChargeCategory")))
                .toList();
        Map<String, Object> tax = rows.stream()
                .filter(row -> "Tax".equals(row.get("ChargeCategory")))
                .findFirst()
                .orElseThrow();
        assertThat(decimal(tax, "EffectiveCost")).isEqualByComparingTo("0.41");
        assertThat(sum(taxed, "ListCost")).isNotEqualByComparingTo(sum(taxed, "BilledCost"));
        for (String cost : List.of("ListCost", "ContractedCost")) {
            BigDecimal expected = new BigDecimal("0.41")
                    .multiply(sum(taxed, cost))
                    .divide(sum(taxed, "BilledCost"), 12, RoundingMode.HALF_EVEN);
            assertThat(decimal(tax, cost)).as(cost).isEqualByComparingTo(expected);
        }
        assertThat(rows)
                .filteredOn(row -> Set.of("Credit", "Adjustment", "Purchase").contains(row.get("ChargeCategory")))
                .isNotEmpty()
                .allSatisfy(
                        row -> assertThat(decimal(row, "ListCost")).isEqualByComparingTo(decimal(row, "BilledCost")));
    }

    private static BigDecimal sum(List<Map<String, Object>> rows, String column) {
        return rows.stream().map(row -> decimal(row, column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The same in each row of a revision's hour, whatever is billed of it. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void rowsOfCallsSayHowManyThereWereAndHowManyStartedAnInstance(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        assertThat(rows)
                .filteredOn(row -> "default/resize".equals(row.get("ResourceName")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("x_InvocationCount", new BigDecimal(2))
                        .containsEntry("x_ColdStartCount", new BigDecimal(1)));
        assertThat(rows)
                .filteredOn(row -> row.containsKey("x_InstanceState") || !row.containsKey("x_Revision"))
                .isNotEmpty()
                .noneMatch(row -> row.containsKey("x_InvocationCount") || row.containsKey("x_ColdStartCount"));
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void rowsOfTheBillNameTheRootOfTheLedger(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        List<Map<String, Object>> bill = ofTheBill(rows);
        assertThat(bill)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).containsEntry("x_LedgerRoot", FocusDocuments.LEDGER_ROOT));
        assertThat(rows)
                .filteredOn(row -> !bill.contains(row))
                .isNotEmpty()
                .noneMatch(row -> row.containsKey("x_LedgerRoot"));
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void timeWithoutCallsHasRowsByRevisionHourAndState(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        assertThat(rows)
                .filteredOn(row -> "idle_memory_time".equals(row.get("SkuId")))
                .extracting(row -> row.get("x_InstanceState"))
                .containsExactly("Frozen", "Idle", "MinScale");
        assertThat(rows)
                .filteredOn(row -> "idle_memory_time".equals(row.get("SkuId")))
                .allSatisfy(row -> {
                    assertThat(row)
                            .containsEntry("x_Revision", "hello-00001")
                            .containsEntry("ChargePeriodStart", FocusDocuments.HOUR)
                            .containsEntry("ChargePeriodEnd", FocusDocuments.HOUR.plus(1, ChronoUnit.HOURS));
                    assertThat(decimal(row, "ListUnitPrice")).isEqualByComparingTo("0.000003");
                });
        assertThat(rows)
                .filteredOn(row -> !"idle_memory_time".equals(row.get("SkuId")))
                .noneMatch(row -> row.containsKey("x_InstanceState"));
        assertThat(rows)
                .as("a line whose records are gone is one row")
                .filteredOn(row -> "2026-11-8".equals(row.get("InvoiceDetailId")))
                .singleElement()
                .satisfies(row ->
                        assertThat(row).containsEntry("SkuId", "idle_vcpu_time").doesNotContainKey("ResourceId"));
    }

    @Test
    void aLineHasTheRowsOfItsVersionOfThePrices() {
        PriceBooks books =
                PriceBooks.DEFAULT.with(new PriceBook(2, "USD", FocusDocuments.HOUR, 200_000, 0, 0, 0, 0, 1, false));
        FocusDatasets.Context context =
                new FocusDatasets.Context(books, Map.of(), Map.of(), new TreeMap<>(), null, FocusDocuments.NOW);

        List<Map<String, Object>> rows = new FocusDatasets(
                        StoredInvoice.unsettled(FocusDocuments.underTwoVersions()), context)
                .costAndUsage(List.of(FocusDocuments.requests(1, 3), FocusDocuments.requests(2, 4)));

        assertThat(rows)
                .extracting(
                        row -> row.get("SkuPriceId"),
                        row -> row.get("ResourceId"),
                        row -> decimal(row, "ConsumedQuantity").intValueExact(),
                        row -> decimal(row, "BilledCost").movePointRight(2).intValueExact())
                .containsExactly(
                        tuple("requests-v1", "default/hello", 3, 30), tuple("requests-v2", "default/hello", 4, 80));
    }

    /** Retention dropped a part of the month: what is left of it has its rows, and the rest has one, so that they add up. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void whatIsKeptNoLongerIsARowWithoutResource(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage()).stream()
                .filter(row -> "vcpu_time".equals(row.get("SkuId")))
                .toList();

        assertThat(sum(rows, "BilledCost")).isEqualByComparingTo("0.02");
        assertThat(sum(rows, "ConsumedQuantity")).isEqualByComparingTo("0.043758");
        assertThat(rows).filteredOn(row -> row.containsKey("ResourceId")).hasSize(3);
        assertThat(rows)
                .filteredOn(row -> !row.containsKey("ResourceId"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(decimal(row, "ConsumedQuantity")).isEqualByComparingTo("0.008751");
                    assertThat(row)
                            .containsEntry("ChargeDescription", "for 9, records no longer kept")
                            .containsEntry("ChargePeriodStart", Instant.parse("2026-11-01T00:00:00Z"))
                            .containsEntry("ChargePeriodEnd", Instant.parse("2026-12-01T00:00:00Z"))
                            .containsEntry("SkuPriceId", "vcpu_time-v1")
                            .doesNotContainKeys(
                                    "ResourceName",
                                    "ResourceType",
                                    "SubAccountId",
                                    "SubAccountName",
                                    "Tags",
                                    "x_Revision",
                                    "x_InstanceState",
                                    "x_InvocationCount",
                                    "x_ColdStartCount");
                });
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void invoiceDetailHasTheColumnsAndValuesThatItMust(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).invoiceDetail();

        assertThat(FocusColumns.INVOICE_DETAIL).containsExactlyInAnyOrderElementsOf(INVOICE_DETAIL_MANDATORY);
        assertThat(rows).hasSize(document.lines().size() + 1).allSatisfy(row -> {
            assertThat(row).containsKeys(without(FocusColumns.INVOICE_DETAIL, INVOICE_DETAIL_NULLABLE));
            assertThat(FocusColumns.INVOICE_DETAIL).containsAll(row.keySet());
            assertThat(row.get("ChargeCategory")).isIn("Usage", "Purchase", "Tax", "Credit", "Adjustment");
            assertThat(row.get("InvoiceIssueStatus")).isIn("Open", "Issued", "Voided");
            assertThat(row.containsKey("InvoiceIssueDate")).isEqualTo(!"Open".equals(row.get("InvoiceIssueStatus")));
            assertThat(row.containsKey("PaymentDueDate")).isEqualTo(row.containsKey("InvoiceIssueDate"));
            assertThat((Instant) row.get("InvoiceDetailCreated"))
                    .isBeforeOrEqualTo((Instant) row.get("InvoiceDetailLastUpdated"));
        });
        assertThat(rows)
                .filteredOn(row -> !Objects.equals(row.get("ReferenceInvoiceId"), row.get("InvoiceId")))
                .as("a line of late records and a credit note adjust another invoice")
                .extracting(row -> row.get("InvoiceDetailId"), row -> row.get("ReferenceInvoiceId"))
                .containsExactly(tuple("2026-11-4", "5"), tuple("credit-6", "4"));
    }

    /** Both change a period that is closed, so that they are in the one that is open; neither changes what is on an invoice. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void aCreditNoteAndAVoidInvoiceCorrectTheirMonthInTheOneTheyAreOf(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        List<Map<String, Object>> corrections = rows.stream()
                .filter(row -> "One-Time".equals(row.get("ChargeFrequency")))
                .toList();
        assertThat(corrections)
                .extracting(
                        row -> row.get("BilledCost"), row -> row.get("InvoiceId"), row -> row.get("ChargePeriodStart"))
                .containsExactly(
                        tuple(new BigDecimal("-0.30"), "6", Instant.parse("2026-09-01T00:00:00Z")),
                        tuple(new BigDecimal("-2.00"), null, Instant.parse("2026-10-01T00:00:00Z")));
        assertThat(corrections)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("ChargeCategory", "Adjustment")
                        .containsEntry("ChargeClass", "Correction")
                        .containsEntry("BillingPeriodStart", Instant.parse("2026-11-01T00:00:00Z"))
                        .containsEntry("BillingPeriodEnd", Instant.parse("2026-12-01T00:00:00Z")));
        assertThat(sum(rows, "BilledCost")).isEqualByComparingTo("2.23");
    }

    /** Nothing was invoiced of the month that is billed, and so there is nothing to correct. */
    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void callsThatWereTakenBackAreACorrectionOnlyOfAnEarlierMonth(InvoiceDocument document) {
        List<Map<String, Object>> rows = FocusDocuments.period(document).costAndUsage(FocusDocuments.usage());

        assertThat(rows)
                .filteredOn(row -> "2026-11-10".equals(row.get("InvoiceDetailId")))
                .extracting(
                        row -> row.get("BilledCost"),
                        row -> row.get("ChargeClass"),
                        row -> row.get("ChargeCategory"),
                        row -> row.get("ChargePeriodStart"),
                        row -> row.get("ChargePeriodEnd"))
                .containsExactly(
                        tuple(
                                new BigDecimal("-0.060000000000"),
                                "Correction",
                                "Adjustment",
                                Instant.parse("2026-10-01T00:00:00Z"),
                                Instant.parse("2026-11-01T00:00:00Z")),
                        tuple(
                                new BigDecimal("-0.030000000000"),
                                null,
                                "Adjustment",
                                Instant.parse("2026-11-01T00:00:00Z"),
                                Instant.parse("2026-12-01T00:00:00Z")));
    }

    @Test
    void linesOfAVoidInvoiceStayAndSayThatItIsVoid() {
        StoredInvoice invoice =
                new StoredInvoice(FocusDocuments.document(7L), StoredInvoice.VOID, FocusDocuments.NOW.plusSeconds(60));
        FocusDatasets.Context context = new FocusDatasets.Context(
                PriceBooks.DEFAULT, Map.of(), Map.of(), new TreeMap<>(), null, FocusDocuments.NOW.plusSeconds(90));

        assertThat(new FocusDatasets(invoice, context).invoiceDetail())
                .hasSameSizeAs(invoice.document().lines())
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("InvoiceIssueStatus", "Voided")
                        .containsEntry("InvoiceDetailCreated", FocusDocuments.NOW)
                        .containsEntry("InvoiceDetailLastUpdated", FocusDocuments.NOW.plusSeconds(60)));
    }

    @ParameterizedTest
    @MethodSource("dev.wisp.billing.export.FocusDocuments#documents")
    void theBillingPeriodIsOneRowWithoutNulls(InvoiceDocument document) {
        assertThat(FocusDocuments.period(document).billingPeriod())
                .singleElement()
                .satisfies(row -> assertThat(row).containsOnlyKeys(FocusColumns.BILLING_PERIOD));
    }

    @Test
    void writesNullsAsNothingNumbersPlainTimesInUtcAndTextsThatAreNoFormulas() {
        Map<String, Object> row = Map.of(
                "BilledCost",
                new BigDecimal("1E-7"),
                "ChargePeriodStart",
                FocusDocuments.HOUR,
                "ChargeDescription",
                "@SUM(\"A1\")");

        String csv = FocusCsv.of(
                List.of("BilledCost", "ChargeClass", "ChargePeriodStart", "ChargeDescription"), List.of(row));

        assertThat(csv)
                .isEqualTo(String.join(
                        "\r\n",
                        "BilledCost,ChargeClass,ChargePeriodStart,ChargeDescription",
                        "0.0000001,,2026-11-05T10:00:00Z,\"'@SUM(\"\"A1\"\")\"",
                        ""));
    }

    /** To a pico: shares of a line are rounded to one. */
    private static void assertProduct(Map<String, Object> row, String price, String cost) {
        assertThat(decimal(row, price).multiply(decimal(row, "PricingQuantity")))
                .isCloseTo(decimal(row, cost), within(new BigDecimal("0.000000000001")));
    }

    private static Instant time(Map<String, Object> row, String column) {
        return (Instant) Objects.requireNonNull(row.get(column));
    }

    private static BigDecimal decimal(Map<String, Object> row, String column) {
        return (BigDecimal) Objects.requireNonNull(row.get(column));
    }

    /** Rows of the month's own invoice or draft. */
    private static List<Map<String, Object>> ofTheBill(List<Map<String, Object>> rows) {
        return rows.stream()
                .filter(row -> String.valueOf(row.get("InvoiceDetailId")).startsWith("2026-11-"))
                .toList();
    }

    private static String[] without(List<String> columns, Set<String> nullable) {
        return columns.stream().filter(column -> !nullable.contains(column)).toArray(String[]::new);
    }
}
