package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.InvoiceDocument.Part;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of the FOCUS 1.4 specification: which columns there are, which may be null, what values they take, and that sums agree. */
class FocusDatasetsTest {

    private static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
    private static final Instant HOUR = Instant.parse("2026-11-05T10:00:00Z");

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
            "x_InstanceState",
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

    private static final String TAGS = "{\"env\": \"prod\", \"team\": \"web\"}";

    /** Of vCPU time, a quarter more than there are records of; of idle vCPU time nothing else. */
    private static final Map<Meter, BigInteger> BILLED = Map.of(
            Meter.REQUESTS,
            BigInteger.valueOf(7),
            Meter.MEMORY_TIME,
            BigInteger.valueOf(7 * 777),
            Meter.VCPU_TIME,
            BigInteger.valueOf(7 * 5_001 * 5 / 4),
            Meter.IDLE_MEMORY_TIME,
            BigInteger.valueOf(18).shiftLeft(40),
            Meter.IDLE_VCPU_TIME,
            BigInteger.valueOf(1_500_000));

    private static final Set<String> UNITS = Set.of("Requests", "Core-Seconds", "GiB-Seconds", "GB");

    static Stream<InvoiceDocument> documents() {
        return Stream.of(document(7L), document(null));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void costAndUsageHasTheColumnsAndValuesThatItMust(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage());

        assertThat(FocusDatasets.COST_AND_USAGE)
                .containsAll(COST_AND_USAGE_MANDATORY)
                .doesNotHaveDuplicates();
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(row).containsKeys(without(FocusDatasets.COST_AND_USAGE, COST_AND_USAGE_NULLABLE));
            assertThat(FocusDatasets.COST_AND_USAGE).containsAll(row.keySet());
            assertThat(row.get("ChargeCategory")).isIn("Usage", "Purchase", "Tax", "Credit", "Adjustment");
            assertThat(row.get("ChargeClass")).isIn(null, "Correction");
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
    @MethodSource("documents")
    void whatIsUsedOrBoughtHasASkuAPriceAndAQuantity(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage());

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
        List<Map<String, Object>> rows = datasets(document(7L)).costAndUsage(usage());

        assertThat(rows)
                .filteredOn(row -> "default/hello".equals(row.get("ResourceName")))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).containsEntry("Tags", TAGS));
        assertThat(rows)
                .filteredOn(row -> !"default/hello".equals(row.get("ResourceName")))
                .isNotEmpty()
                .noneMatch(row -> row.containsKey("Tags"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void billedCostOfAllRowsIsTheInvoicesToTheMinorUnitByLine(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage());

        Map<String, BigDecimal> byLine = new HashMap<>();
        rows.forEach(row ->
                byLine.merge(String.valueOf(row.get("InvoiceDetailId")), decimal(row, "BilledCost"), BigDecimal::add));
        assertThat(byLine).hasSize(document.lines().size());
        document.lines().forEach(line -> assertThat(byLine.get(line.id())).isEqualByComparingTo(line.amount()));
    }

    /** The specification has the list cost of a charge that is calculated from others follow from theirs, and that of any other be what is billed. */
    @ParameterizedTest
    @MethodSource("documents")
    void costsOfTaxAreItsRateOfThoseOfWhatIsTaxed(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage());

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

    @ParameterizedTest
    @MethodSource("documents")
    void timeWithoutCallsHasRowsByRevisionHourAndState(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage());

        assertThat(rows)
                .filteredOn(row -> "idle_memory_time".equals(row.get("SkuId")))
                .extracting(row -> row.get("x_InstanceState"))
                .containsExactly("Frozen", "Idle", "MinScale");
        assertThat(rows)
                .filteredOn(row -> "idle_memory_time".equals(row.get("SkuId")))
                .allSatisfy(row -> {
                    assertThat(row)
                            .containsEntry("x_Revision", "hello-00001")
                            .containsEntry("ChargePeriodStart", HOUR)
                            .containsEntry("ChargePeriodEnd", HOUR.plus(1, ChronoUnit.HOURS));
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

    /** Retention dropped a part of the month: what is left of it has its rows, and the rest has one, so that they add up. */
    @ParameterizedTest
    @MethodSource("documents")
    void whatIsKeptNoLongerIsARowWithoutResource(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).costAndUsage(usage()).stream()
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
                                    "x_InstanceState");
                });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void invoiceDetailHasTheColumnsAndValuesThatItMust(InvoiceDocument document) {
        List<Map<String, Object>> rows = datasets(document).invoiceDetail();

        assertThat(FocusDatasets.INVOICE_DETAIL).containsExactlyInAnyOrderElementsOf(INVOICE_DETAIL_MANDATORY);
        assertThat(rows).hasSameSizeAs(document.lines()).allSatisfy(row -> {
            assertThat(row).containsKeys(without(FocusDatasets.INVOICE_DETAIL, INVOICE_DETAIL_NULLABLE));
            assertThat(FocusDatasets.INVOICE_DETAIL).containsAll(row.keySet());
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void theBillingPeriodIsOneRowWithoutNulls(InvoiceDocument document) {
        assertThat(datasets(document).billingPeriod())
                .singleElement()
                .satisfies(row -> assertThat(row).containsOnlyKeys(FocusDatasets.BILLING_PERIOD));
    }

    @Test
    void writesNullsAsNothingNumbersPlainTimesInUtcAndTextsThatAreNoFormulas() {
        Map<String, Object> row = Map.of(
                "BilledCost", new BigDecimal("1E-7"), "ChargePeriodStart", HOUR, "ChargeDescription", "@SUM(\"A1\")");

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

    static FocusDatasets datasets(InvoiceDocument document) {
        Map<Meter, MeterPrice> prices = new HashMap<>();
        Set.of(Meter.VCPU_TIME, Meter.IDLE_MEMORY_TIME, Meter.IDLE_VCPU_TIME)
                .forEach(meter -> prices.put(meter, MeterPrice.flat(3_000_000)));
        return new FocusDatasets(document, PriceBooks.DEFAULT, Map.of(1, new PriceTerms(1, "USD", prices, 0, 0)), NOW);
    }

    private static String[] without(List<String> columns, Set<String> nullable) {
        return columns.stream().filter(column -> !nullable.contains(column)).toArray(String[]::new);
    }

    static List<HourUsage> usage() {
        return List.of(
                usage(HOUR, "hello", 1),
                usage(HOUR, "resize", 2),
                usage(HOUR.plus(1, ChronoUnit.HOURS), "hello", 4),
                withoutCalls("Frozen", 5),
                withoutCalls("Idle", 6),
                withoutCalls("MinScale", 7));
    }

    private static HourUsage withoutCalls(String state, long times) {
        return new HourUsage(
                HOUR,
                "default",
                "hello",
                "hello-00001",
                1,
                state,
                TAGS,
                Map.of(Meter.IDLE_MEMORY_TIME, BigInteger.valueOf(times).shiftLeft(40)));
    }

    private static HourUsage usage(Instant hour, String service, long times) {
        return new HourUsage(
                hour,
                "default",
                service,
                service + "-00001",
                1,
                null,
                service.equals("hello") ? TAGS : null,
                Map.of(
                        Meter.REQUESTS,
                        BigInteger.valueOf(times),
                        Meter.VCPU_TIME,
                        BigInteger.valueOf(times * 5_001),
                        Meter.MEMORY_TIME,
                        BigInteger.valueOf(times * 777)));
    }

    private static InvoiceDocument document(@Nullable Long number) {
        return new InvoiceDocument(
                number,
                "INVOICE",
                null,
                "Wisp",
                "default",
                LocalDate.of(2026, 11, 1),
                number == null ? null : NOW,
                number == null ? null : NOW.plus(14, ChronoUnit.DAYS),
                "USD",
                List.of(
                        line(1, Category.USAGE, Meter.REQUESTS, "0.10"),
                        line(2, Category.USAGE, Meter.MEMORY_TIME, "0.01"),
                        line(3, Category.FEE, null, "5.00"),
                        line(4, Category.CORRECTION, null, "-0.02"),
                        line(5, Category.CREDIT, null, "-1.00"),
                        line(6, Category.TAX, null, "0.41"),
                        line(7, Category.USAGE, Meter.IDLE_MEMORY_TIME, "0.07"),
                        line(8, Category.USAGE, Meter.IDLE_VCPU_TIME, "0.03"),
                        line(9, Category.USAGE, Meter.VCPU_TIME, "0.02")),
                "5.21",
                "1.00",
                "0.41",
                "4.62",
                List.of(new InvoiceDocument.Snapshot(
                        LocalDate.of(2026, 11, 1), List.of(new InvoiceDocument.Usage(1, BILLED)))),
                null);
    }

    private static Line line(int id, Category category, @Nullable Meter meter, String amount) {
        return new Line(
                "2026-11-" + id,
                category,
                meter == null ? null : 1,
                meter,
                "for " + id,
                meter == null ? null : "1.5",
                meter == null ? null : meter.unit(),
                List.of(new Part("0.5", "0"), new Part("1", "0.000003")),
                "100000000001/3",
                amount,
                null,
                id == 4 ? LocalDate.of(2026, 10, 1) : null);
    }
}
