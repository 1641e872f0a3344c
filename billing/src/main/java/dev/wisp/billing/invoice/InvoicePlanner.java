package dev.wisp.billing.invoice;

import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.InvoiceDocument.Part;
import dev.wisp.billing.rating.Fraction;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PeriodRatingPolicy;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.RatedLine;
import dev.wisp.billing.rating.RatedPeriod;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an invoice's lines: each is rounded once, and everything below is a sum of what is written above it. */
final class InvoicePlanner {

    private static final int DIGITS = 12;

    private final InvoiceInputs inputs;
    private final String currency;
    private final List<Line> lines = new ArrayList<>();

    private InvoicePlanner(InvoiceInputs inputs) {
        this.inputs = inputs;
        this.currency = inputs.usage().getLast().terms().currency();
    }

    static InvoiceDocument draft(InvoiceInputs inputs) {
        return new InvoicePlanner(inputs).plan();
    }

    private InvoiceDocument plan() {
        RatedPeriod period = PeriodRatingPolicy.rate(inputs.usage());
        period.lines().forEach(this::usage);
        exact(Category.FEE, "Fee", period.feePicos(), null);
        exact(Category.MINIMUM, "To the month's minimum", period.minimumPicos(), null);
        inputs.late().forEach(this::late);
        exact(Category.CORRECTION, "Calls that were taken back", Fraction.of(inputs.correctedPicos()), null);
        BigDecimal subtotal = sum();
        BigDecimal credit = inputs.credit().min(subtotal).max(zero());
        amount(Category.CREDIT, "Credit", credit.negate());
        BigDecimal tax =
                RoundingPolicy.line(currency, share(sum(), inputs.terms().taxBasisPoints()));
        amount(
                Category.TAX,
                "%s %s %%"
                        .formatted(
                                inputs.terms().taxName(),
                                BigDecimal.valueOf(inputs.terms().taxBasisPoints(), 2)),
                tax);
        return document(subtotal, credit, tax);
    }

    private InvoiceDocument document(BigDecimal subtotal, BigDecimal credit, BigDecimal tax) {
        List<InvoiceDocument.Snapshot> snapshots = new ArrayList<>();
        snapshots.add(snapshot(inputs.month(), inputs.usage()));
        inputs.late().forEach(late -> snapshots.add(snapshot(late.month(), late.now())));
        return new InvoiceDocument(
                null,
                InvoiceDocument.INVOICE,
                null,
                inputs.terms().issuer(),
                inputs.account(),
                inputs.month(),
                null,
                null,
                currency,
                List.copyOf(lines),
                subtotal.toPlainString(),
                credit.toPlainString(),
                tax.toPlainString(),
                sum().toPlainString(),
                snapshots,
                null);
    }

    private void usage(RatedLine line) {
        String unitName = line.meter().unit();
        lines.add(new Line(
                id(),
                Category.USAGE,
                line.version(),
                line.meter(),
                line.listPicos().equals(line.netPicos())
                        ? line.meter().title()
                        : line.meter().title() + ", discounted",
                units(line, line.quantity()),
                unitName,
                line.parts().stream()
                        .map(part -> new Part(units(line, part.quantity()), Money.decimal(part.unitPicos())))
                        .toList(),
                fraction(line.netPicos()),
                RoundingPolicy.line(currency, line.netPicos()).toPlainString(),
                records(line),
                null));
    }

    /** Exactly those that the quantity is the sum of. */
    private String records(RatedLine line) {
        String path = switch (line.meter()) {
            case REQUESTS, CPU_TIME, VCPU_TIME, MEMORY_TIME, DISK_TIME, EGRESS -> "records";
            case IDLE_VCPU_TIME, IDLE_MEMORY_TIME -> "instance-times";
        };
        return "%s&priceVersion=%d&meter=%s"
                .formatted(InvoiceDocument.recordsOf(path, inputs.month()), line.version(), line.meter());
    }

    private void late(InvoiceInputs.Late late) {
        Fraction picos = PeriodRatingPolicy.rate(late.now())
                .netPicos()
                .minus(PeriodRatingPolicy.rate(late.before()).netPicos());
        exact(
                Category.CORRECTION,
                "Records of %s that came after its invoice".formatted(month(late.month())),
                picos,
                late.month());
    }

    private void exact(Category category, String description, Fraction picos, @Nullable LocalDate corrects) {
        if (picos.signum() != 0) {
            add(category, description, fraction(picos), RoundingPolicy.line(currency, picos), corrects);
        }
    }

    private void amount(Category category, String description, BigDecimal amount) {
        if (amount.signum() != 0) {
            add(category, description, fraction(picos(amount)), amount, null);
        }
    }

    private void add(
            Category category, String description, String exact, BigDecimal amount, @Nullable LocalDate corrects) {
        lines.add(new Line(
                id(),
                category,
                null,
                null,
                description,
                null,
                null,
                List.of(),
                exact,
                amount.toPlainString(),
                null,
                corrects));
    }

    private String id() {
        return "%s-%d".formatted(month(inputs.month()), lines.size() + 1);
    }

    private BigDecimal sum() {
        return lines.stream().map(line -> new BigDecimal(line.amount())).reduce(zero(), BigDecimal::add);
    }

    private BigDecimal zero() {
        return BigDecimal.ZERO.setScale(RoundingPolicy.minorDigits(currency));
    }

    private static Fraction share(BigDecimal amount, int basisPoints) {
        return picos(amount)
                .times(BigInteger.valueOf(basisPoints))
                .dividedBy(BigInteger.valueOf(MeterPrice.WHOLE_BASIS_POINTS));
    }

    private static Fraction picos(BigDecimal amount) {
        return Fraction.of(amount.movePointRight(DIGITS).toBigIntegerExact());
    }

    private static String fraction(Fraction picos) {
        return picos.numerator() + "/" + picos.denominator();
    }

    /** To twelve decimals for reading; the snapshot has every unit. */
    private static String units(RatedLine line, BigInteger quantity) {
        BigDecimal units = new BigDecimal(quantity)
                .divide(new BigDecimal(line.meter().baseUnitsPerUnit()), DIGITS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros();
        return (units.scale() < 0 ? units.setScale(0) : units).toPlainString();
    }

    private static InvoiceDocument.Snapshot snapshot(LocalDate month, List<PeriodUsage> usage) {
        return new InvoiceDocument.Snapshot(
                month,
                usage.stream()
                        .map(one -> new InvoiceDocument.Usage(
                                one.terms().version(), one.quantities().byMeter()))
                        .toList());
    }

    private static String month(@Nullable LocalDate month) {
        return String.valueOf(month).substring(0, 7);
    }
}
