package dev.wisp.billing.export;

import dev.wisp.billing.export.AttributionPolicy.Part;
import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of FOCUS 1.4 from an invoice, or a draft of one, and the usage behind it; docs/focus.md has the mapping of each column. */
final class FocusDatasets {

    static final List<String> COST_AND_USAGE = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargeFrequency",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ConsumedQuantity",
            "ConsumedUnit",
            "ContractedCost",
            "ContractedUnitPrice",
            "EffectiveCost",
            "HostProviderName",
            "InvoiceDetailId",
            "InvoiceId",
            "InvoiceIssuerName",
            "ListCost",
            "ListUnitPrice",
            "PricingCategory",
            "PricingQuantity",
            "PricingUnit",
            "ResourceId",
            "ResourceName",
            "ResourceType",
            "ServiceCategory",
            "ServiceName",
            "ServiceProviderName",
            "ServiceSubcategory",
            "SkuId",
            "SkuMeter",
            "SkuPriceDetails",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "Tags",
            "x_InstanceState",
            "x_Revision");

    static final List<String> INVOICE_DETAIL = List.of(
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

    static final List<String> BILLING_PERIOD = List.of(
            "BillingPeriodCreated",
            "BillingPeriodEnd",
            "BillingPeriodLastUpdated",
            "BillingPeriodStart",
            "BillingPeriodStatus",
            "InvoiceIssuerName");

    private static final String PRODUCT = "Wisp";
    private static final int PICO_DIGITS = 12;
    private static final BigDecimal PICO = BigDecimal.ONE.movePointLeft(PICO_DIGITS);

    private final InvoiceDocument document;
    private final PriceBooks books;
    private final Map<Integer, PriceTerms> terms;
    private final Instant now;

    /**
     * @param terms how each version of the prices bills a month
     */
    FocusDatasets(InvoiceDocument document, PriceBooks books, Map<Integer, PriceTerms> terms, Instant now) {
        this.document = document;
        this.books = books;
        this.terms = Map.copyOf(terms);
        this.now = now;
    }

    /**
     * A row for each revision, hour and meter, for time without calls also for each state of its instances; and one for each line that is for
     * no usage.
     */
    List<Map<String, Object>> costAndUsage(List<HourUsage> usage) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Line line : document.lines()) {
            if (line.category() == Category.USAGE) {
                rows.addAll(usageRows(line, usage));
            } else {
                rows.add(otherRow(line));
            }
        }
        tax(rows);
        return rows;
    }

    List<Map<String, Object>> invoiceDetail() {
        return document.lines().stream().map(this::detail).toList();
    }

    List<Map<String, Object>> billingPeriod() {
        Map<String, Object> row = new HashMap<>();
        row.put("BillingPeriodCreated", start());
        row.put("BillingPeriodStart", start());
        row.put("BillingPeriodEnd", end());
        row.put("BillingPeriodLastUpdated", Objects.requireNonNullElse(document.issuedAt(), now));
        row.put("BillingPeriodStatus", document.number() == null ? "Open" : "Closed");
        row.put("InvoiceIssuerName", document.issuer());
        return List.of(row);
    }

    private List<Map<String, Object>> usageRows(Line line, List<HourUsage> usage) {
        Meter meter = Objects.requireNonNull(line.meter());
        int version = Objects.requireNonNull(line.priceVersion());
        PriceBook book = Objects.requireNonNull(books.version(version));
        List<Part> parts = AttributionPolicy.parts(
                meter,
                billed(version, meter),
                usage.stream().filter(one -> one.priceVersion() == version).toList());
        List<BigInteger> quantities = parts.stream().map(Part::quantity).toList();
        List<BigDecimal> billed = AllocationPolicy.shares(new BigDecimal(line.amount()), quantities);
        List<BigDecimal> contracted = AllocationPolicy.shares(exact(line), quantities);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            BigDecimal quantity = new BigDecimal(quantities.get(i))
                    .divide(new BigDecimal(meter.baseUnitsPerUnit()), FocusParquet.SCALE, RoundingMode.HALF_EVEN);
            Map<String, Object> row = priced(line, book, quantity, contracted.get(i));
            row.put("BilledCost", billed.get(i));
            row.put("EffectiveCost", billed.get(i));
            HourUsage used = parts.get(i).usage();
            if (used == null) {
                ofNobody(row, line);
            } else {
                ofRevision(row, meter, used);
            }
            rows.add(row);
        }
        return rows;
    }

    private static void ofRevision(Map<String, Object> row, Meter meter, HourUsage usage) {
        row.put("ChargePeriodStart", usage.hour());
        row.put("ChargePeriodEnd", usage.hour().plus(1, ChronoUnit.HOURS));
        row.put("ResourceId", usage.namespace() + "/" + usage.service());
        row.put("ResourceName", usage.namespace() + "/" + usage.service());
        row.put("ResourceType", "Service");
        row.put("SubAccountId", usage.namespace());
        row.put("SubAccountName", usage.namespace());
        row.put("x_Revision", usage.revision());
        put(row, "x_InstanceState", usage.state());
        put(row, "Tags", usage.tags());
        row.put(
                "ChargeDescription",
                "%s of service %s, revision %s".formatted(meter.title(), usage.service(), usage.revision()));
    }

    /** Its records are kept no longer: of the month, by an unknown service in an unknown hour. */
    private void ofNobody(Map<String, Object> row, Line line) {
        row.put("ChargePeriodStart", start());
        row.put("ChargePeriodEnd", end());
        row.put("ChargeDescription", line.description() + ", records no longer kept");
    }

    /** What the line is for, to the last unit: that of the line itself is for reading. */
    private BigInteger billed(int version, Meter meter) {
        return document.snapshots().getFirst().usage().stream()
                .filter(usage -> usage.priceVersion() == version)
                .map(usage -> usage.quantities().getOrDefault(meter, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** What is said of a quantity of a meter, whoever used it. */
    private Map<String, Object> priced(Line line, PriceBook book, BigDecimal quantity, BigDecimal contracted) {
        Meter meter = Objects.requireNonNull(line.meter());
        BigDecimal listPrice = listPrice(book, meter);
        Map<String, Object> row = common(line);
        row.put("ContractedCost", contracted);
        row.put("ContractedUnitPrice", contractedPrice(listPrice, quantity, contracted));
        row.put("ListCost", listPrice.multiply(quantity).setScale(12, RoundingMode.HALF_EVEN));
        row.put("ListUnitPrice", listPrice);
        row.put("ConsumedQuantity", quantity);
        row.put("ConsumedUnit", meter.unit());
        row.put("PricingQuantity", quantity);
        row.put("PricingUnit", meter.unit());
        row.put("PricingCategory", "Standard");
        row.put("SkuMeter", meter.title());
        sku(row, meter.name().toLowerCase(Locale.ROOT), book.version());
        if (meter == Meter.MEMORY_TIME || meter == Meter.VCPU_TIME) {
            row.put("SkuPriceDetails", "{\"x_Increment\":\"%dms\"}".formatted(book.incrementMillis()));
        }
        return row;
    }

    private static void sku(Map<String, Object> row, String id, int version) {
        row.put("SkuId", id);
        row.put("SkuPriceId", "%s-v%d".formatted(id, version));
    }

    /** The list's price, or where steps, free parts or a discount made it less, what a unit of this row came to. */
    private static BigDecimal contractedPrice(BigDecimal listPrice, BigDecimal quantity, BigDecimal contracted) {
        boolean asListed =
                listPrice.multiply(quantity).subtract(contracted).abs().compareTo(PICO) <= 0;
        return asListed || quantity.signum() == 0
                ? listPrice
                : contracted.divide(quantity, FocusParquet.SCALE, RoundingMode.HALF_EVEN);
    }

    private Map<String, Object> otherRow(Line line) {
        BigDecimal amount = new BigDecimal(line.amount());
        Map<String, Object> row = common(line);
        row.put("BilledCost", amount);
        row.put("EffectiveCost", amount);
        row.put("ContractedCost", amount);
        row.put("ListCost", amount);
        LocalDate incurred = Objects.requireNonNullElse(line.corrects(), document.month());
        row.put("ChargePeriodStart", midnight(incurred));
        row.put("ChargePeriodEnd", midnight(incurred.plusMonths(1)));
        row.put("ChargeDescription", line.description());
        if (line.category() == Category.FEE) {
            fee(row, amount);
        }
        return row;
    }

    /**
     * A charge that follows from others has a list cost and a contracted cost that follow from theirs: at the tax's rate, which is that of what is
     * billed.
     */
    private static void tax(List<Map<String, Object>> rows) {
        Map<Boolean, List<Map<String, Object>>> byTax = rows.stream()
                .collect(Collectors.partitioningBy(row -> category(Category.TAX).equals(row.get("ChargeCategory"))));
        List<Map<String, Object>> taxed = byTax.getOrDefault(false, List.of());
        BigDecimal billed = sum(taxed, "BilledCost");
        for (Map<String, Object> row : byTax.getOrDefault(true, List.of())) {
            for (String cost : List.of("ListCost", "ContractedCost")) {
                BigDecimal atRate = sum(List.of(row), "BilledCost").multiply(sum(taxed, cost));
                row.put(cost, atRate.divide(billed, PICO_DIGITS, RoundingMode.HALF_EVEN));
            }
        }
    }

    private static BigDecimal sum(List<Map<String, Object>> rows, String column) {
        return rows.stream().map(row -> (BigDecimal) row.get(column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What is bought for a month has a price and a quantity, as usage has. */
    private void fee(Map<String, Object> row, BigDecimal amount) {
        row.put("ContractedUnitPrice", amount);
        row.put("ListUnitPrice", amount);
        row.put("PricingCategory", "Standard");
        row.put("PricingQuantity", BigDecimal.ONE);
        row.put("PricingUnit", "Months");
        row.put("SkuMeter", "Fee");
        sku(row, "fee", lastVersion());
    }

    /** Of the month's prices: a fee is the last version's. */
    private int lastVersion() {
        return document.snapshots().getFirst().usage().getLast().priceVersion();
    }

    private Map<String, Object> common(Line line) {
        Map<String, Object> row = new HashMap<>();
        row.put("BillingAccountId", document.account());
        row.put("BillingAccountName", document.account());
        row.put("BillingCurrency", document.currency());
        row.put("BillingPeriodStart", start());
        row.put("BillingPeriodEnd", end());
        row.put("ChargeCategory", category(line.category()));
        row.put("ChargeFrequency", line.category() == Category.FEE ? "Recurring" : "Usage-Based");
        if (line.category() == Category.CORRECTION) {
            row.put("ChargeClass", "Correction");
        }
        row.put("HostProviderName", document.issuer());
        row.put("InvoiceDetailId", line.id());
        if (document.number() != null) {
            row.put("InvoiceId", document.number().toString());
        }
        row.put("InvoiceIssuerName", document.issuer());
        row.put("ServiceCategory", "Compute");
        row.put("ServiceSubcategory", "Serverless Compute");
        row.put("ServiceName", PRODUCT);
        row.put("ServiceProviderName", document.issuer());
        return row;
    }

    private Map<String, Object> detail(Line line) {
        Instant changed = Objects.requireNonNullElse(document.issuedAt(), now);
        Map<String, Object> row = new HashMap<>();
        row.put("BilledCost", new BigDecimal(line.amount()));
        row.put("BillingAccountId", document.account());
        row.put("BillingCurrency", document.currency());
        row.put("BillingPeriodStart", start());
        row.put("BillingPeriodEnd", end());
        row.put("ChargeCategory", category(line.category()));
        row.put("InvoiceDetailCreated", changed);
        row.put("InvoiceDetailLastUpdated", changed);
        row.put("InvoiceDetailDescription", line.description());
        row.put("InvoiceDetailGrain", "{\"Columns\":[\"InvoiceDetailId\"]}");
        row.put("InvoiceDetailId", line.id());
        row.put(
                "InvoiceId",
                document.number() == null ? "draft" : document.number().toString());
        row.put("InvoiceIssueStatus", document.number() == null ? "Draft" : "Issued");
        row.put("InvoiceIssuerName", document.issuer());
        row.put("PaymentCurrency", document.currency());
        row.put("PaymentTerms", "Due on the date stated");
        put(row, "InvoiceIssueDate", document.issuedAt());
        put(row, "PaymentDueDate", document.dueAt());
        Long refersTo = document.refersTo() == null ? document.number() : document.refersTo();
        row.put("ReferenceInvoiceId", refersTo == null ? "draft" : refersTo.toString());
        return row;
    }

    private static void put(Map<String, Object> row, String column, @Nullable Object value) {
        if (value != null) {
            row.put(column, value);
        }
    }

    private static String category(Category category) {
        return switch (category) {
            case USAGE, CORRECTION -> "Usage";
            case FEE -> "Purchase";
            case MINIMUM -> "Adjustment";
            case CREDIT -> "Credit";
            case TAX -> "Tax";
        };
    }

    /** What a unit costs in a call; where that is nothing, as of meters that no call has, the first price of the month's that is not. */
    private BigDecimal listPrice(PriceBook book, Meter meter) {
        long picos = switch (meter) {
            case REQUESTS -> book.perRequestPicos();
            case CPU_TIME -> book.perCpuSecondPicos();
            case VCPU_TIME -> book.perVcpuSecondPicos();
            case MEMORY_TIME -> book.perGibSecondPicos();
            case EGRESS -> book.perEgressGbPicos();
            case DISK_TIME, IDLE_VCPU_TIME, IDLE_MEMORY_TIME -> 0;
        };
        PriceTerms month = terms.get(book.version());
        MeterPrice price = month == null ? null : month.meters().get(meter);
        return BigDecimal.valueOf(picos > 0 || price == null ? picos : price.listPicos(), PICO_DIGITS);
    }

    /** A line's amount before it was rounded to the minor unit, to the pico. */
    private static BigDecimal exact(Line line) {
        String[] fraction = line.exact().split("/", 2);
        return new BigDecimal(fraction[0])
                .divide(new BigDecimal(fraction[1]), 0, RoundingMode.HALF_EVEN)
                .movePointLeft(12);
    }

    private Instant start() {
        return midnight(document.month());
    }

    private Instant end() {
        return midnight(document.month().plusMonths(1));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
