package dev.wisp.billing.export;

import dev.wisp.billing.export.AttributionPolicy.Part;
import dev.wisp.billing.invoice.BillingMonth;
import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.StoredInvoice;
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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of FOCUS 1.4 from an invoice, a draft of one with the usage behind it, or a credit note; docs/focus.md has the mapping of each column. */
final class FocusDatasets {

    private static final String PRODUCT = "Wisp";
    private static final int PICO_DIGITS = 12;
    private static final BigDecimal PICO = BigDecimal.ONE.movePointLeft(PICO_DIGITS);

    private final StoredInvoice stored;
    private final InvoiceDocument document;
    private final LocalDate period;
    private final Context context;

    /**
     * What rows of any document depend on.
     *
     * @param terms how each version of the prices bills a month
     * @param invoices number of the invoice of each month that has one
     * @param takenBack what was taken back in the period, by the month of the calls: costs in picos, below 0
     * @param ledgerRoot the last root that was sealed before the period's bill was issued, hexadecimal; null when there is none
     */
    record Context(
            PriceBooks books,
            Map<Integer, PriceTerms> terms,
            Map<LocalDate, Long> invoices,
            SortedMap<LocalDate, BigInteger> takenBack,
            @Nullable String ledgerRoot,
            Instant now) {

        Context {
            terms = Map.copyOf(terms);
            invoices = Map.copyOf(invoices);
            takenBack = Collections.unmodifiableSortedMap(new TreeMap<>(takenBack));
        }
    }

    FocusDatasets(StoredInvoice stored, Context context) {
        this.stored = stored;
        this.document = stored.document();
        this.period = period(document);
        this.context = context;
    }

    /** The billing period in which a document is issued: an invoice's is over by then, and what corrects it is in the one that is open. */
    static LocalDate period(InvoiceDocument document) {
        return document.isCreditNote()
                ? BillingMonth.of(Objects.requireNonNull(document.issuedAt()))
                : document.month();
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
            } else if (isTakenBack(line) && !context.takenBack().isEmpty()) {
                rows.addAll(takenBackRows(line));
            } else {
                LocalDate incurred = Objects.requireNonNullElse(line.corrects(), document.month());
                rows.add(otherRow(line, new BigDecimal(line.amount()), incurred));
            }
        }
        tax(rows);
        return rows;
    }

    List<Map<String, Object>> invoiceDetail() {
        return document.lines().stream().map(this::detail).toList();
    }

    /**
     * Takes back what was to be paid of a document that is void. It is on no invoice; the rows of the document stay as they are.
     *
     * @param left of its total, what was to be paid until then
     */
    Map<String, Object> reversal(BigDecimal left) {
        Map<String, Object> row = parties();
        LocalDate month = BillingMonth.of(Objects.requireNonNull(stored.settledAt()));
        row.put("BillingPeriodStart", BillingMonth.start(month));
        row.put("BillingPeriodEnd", BillingMonth.end(month));
        row.put("ChargeCategory", "Adjustment");
        row.put("ChargeClass", "Correction");
        row.put("ChargeFrequency", "One-Time");
        amounts(row, left.negate());
        row.put("ChargePeriodStart", BillingMonth.start(document.month()));
        row.put("ChargePeriodEnd", BillingMonth.end(document.month()));
        row.put("ChargeDescription", "Invoice %d is void".formatted(document.number()));
        return row;
    }

    private List<Map<String, Object>> usageRows(Line line, List<HourUsage> usage) {
        Meter meter = Objects.requireNonNull(line.meter());
        int version = Objects.requireNonNull(line.priceVersion());
        PriceBook book = Objects.requireNonNull(context.books().version(version));
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
        if (usage.state() == null) {
            row.put("x_InvocationCount", new BigDecimal(usage.of(Meter.REQUESTS)));
            row.put("x_ColdStartCount", BigDecimal.valueOf(usage.coldStarts()));
        }
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

    /** A row for each month that the calls are of. */
    private List<Map<String, Object>> takenBackRows(Line line) {
        List<LocalDate> months = List.copyOf(context.takenBack().keySet());
        List<BigDecimal> shares = AllocationPolicy.shares(
                new BigDecimal(line.amount()),
                context.takenBack().values().stream().map(BigInteger::negate).toList());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < months.size(); i++) {
            rows.add(otherRow(line, shares.get(i), months.get(i)));
        }
        return rows;
    }

    /** The other corrections are of a month that was invoiced before. */
    private static boolean isTakenBack(Line line) {
        return line.category() == Category.CORRECTION && line.corrects() == null;
    }

    private Map<String, Object> otherRow(Line line, BigDecimal amount, LocalDate incurred) {
        Map<String, Object> row = common(line);
        amounts(row, amount);
        // In the same period it is none to the specification: nothing of that was invoiced before.
        if (incurred.isBefore(period)) {
            row.put("ChargeClass", "Correction");
        }
        row.put("ChargePeriodStart", BillingMonth.start(incurred));
        row.put("ChargePeriodEnd", BillingMonth.end(incurred));
        row.put("ChargeDescription", line.description());
        if (line.category() == Category.FEE) {
            fee(row, amount);
        }
        return row;
    }

    private static void amounts(Map<String, Object> row, BigDecimal amount) {
        for (String cost : List.of("BilledCost", "EffectiveCost", "ContractedCost", "ListCost")) {
            row.put(cost, amount);
        }
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
        Map<String, Object> row = parties();
        row.put("BillingPeriodStart", start());
        row.put("BillingPeriodEnd", end());
        row.put("ChargeCategory", category(line));
        row.put("ChargeFrequency", frequency(line));
        row.put("InvoiceDetailId", line.id());
        if (document.number() != null) {
            row.put("InvoiceId", document.number().toString());
        }
        return row;
    }

    private Map<String, Object> parties() {
        Map<String, Object> row = new HashMap<>();
        row.put("BillingAccountId", document.account());
        row.put("BillingAccountName", document.account());
        row.put("BillingCurrency", document.currency());
        row.put("HostProviderName", document.issuer());
        row.put("InvoiceIssuerName", document.issuer());
        row.put("ServiceCategory", "Compute");
        row.put("ServiceSubcategory", "Serverless Compute");
        row.put("ServiceName", PRODUCT);
        row.put("ServiceProviderName", document.issuer());
        return row;
    }

    private String frequency(Line line) {
        if (document.isCreditNote()) {
            return "One-Time";
        }
        return line.category() == Category.FEE ? "Recurring" : "Usage-Based";
    }

    private Map<String, Object> detail(Line line) {
        Instant created = Objects.requireNonNullElse(document.issuedAt(), context.now());
        Instant changed = stored.isVoid() ? stored.settledAt() : created;
        Map<String, Object> row = new HashMap<>();
        row.put("BilledCost", new BigDecimal(line.amount()));
        row.put("BillingAccountId", document.account());
        row.put("BillingCurrency", document.currency());
        row.put("BillingPeriodStart", start());
        row.put("BillingPeriodEnd", end());
        row.put("ChargeCategory", category(line));
        row.put("InvoiceDetailCreated", created);
        row.put("InvoiceDetailLastUpdated", changed);
        row.put("InvoiceDetailDescription", line.description());
        row.put("InvoiceDetailGrain", "{\"Columns\":[\"InvoiceDetailId\"]}");
        row.put("InvoiceDetailId", line.id());
        row.put("InvoiceId", number(document.number()));
        row.put("InvoiceIssueStatus", status());
        row.put("InvoiceIssuerName", document.issuer());
        row.put("PaymentCurrency", document.currency());
        row.put("PaymentTerms", "Due on the date stated");
        put(row, "InvoiceIssueDate", document.issuedAt());
        put(row, "PaymentDueDate", document.dueAt());
        row.put("ReferenceInvoiceId", number(adjusted(line)));
        return row;
    }

    private String status() {
        if (document.number() == null) {
            return "Open";
        }
        return stored.isVoid() ? "Voided" : "Issued";
    }

    /** The invoice that a line changes, or its own. */
    private @Nullable Long adjusted(Line line) {
        if (document.refersTo() != null) {
            return document.refersTo();
        }
        LocalDate corrects = line.corrects();
        return corrects == null ? document.number() : context.invoices().getOrDefault(corrects, document.number());
    }

    private static String number(@Nullable Long number) {
        return number == null ? "draft" : number.toString();
    }

    private static void put(Map<String, Object> row, String column, @Nullable Object value) {
        if (value != null) {
            row.put(column, value);
        }
    }

    private String category(Line line) {
        // The specification has credits for what is granted, and this for what changes another charge.
        return document.isCreditNote() || isTakenBack(line) ? "Adjustment" : category(line.category());
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
        PriceTerms month = context.terms().get(book.version());
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
        return BillingMonth.start(period);
    }

    private Instant end() {
        return BillingMonth.end(period);
    }
}
