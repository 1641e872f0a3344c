package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.rating.AnyUsage;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.NaiveBill;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * 10⁵ random months as whole invoices: several prices, free parts, steps, discounts, fee, minimum, late records of earlier months, calls that were
 * taken back, credit and tax, beside {@link NaiveInvoice}, which adds them up in decimals and shares no code with the planner.
 */
class InvoicePlannerOracleTest {

    private static final long SEED = 20_261_128;
    private static final int CASES = 100_000;
    private static final LocalDate MONTH = LocalDate.of(2026, 11, 1);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final AnyUsage any = new AnyUsage(random);

    @Test
    void everyInvoiceIsTheNaiveOneLineByLine() {
        for (int round = 0; round < CASES; round++) {
            InvoiceInputs inputs = anyInputs();

            InvoiceDocument invoice = InvoicePlanner.draft(inputs);

            assertThat(NaiveInvoice.written(invoice))
                    .withFailMessage(() -> "%s, should be %s of seed=%d %s"
                            .formatted(NaiveInvoice.written(invoice), NaiveInvoice.of(inputs), SEED, inputs))
                    .isEqualTo(NaiveInvoice.of(inputs));
        }
    }

    private InvoiceInputs anyInputs() {
        List<PeriodUsage> usage = any.usage();
        String currency = usage.getLast().terms().currency();
        List<InvoiceInputs.Late> late = new ArrayList<>();
        for (int back = Math.max(0, random.nextInt(6) - 3); back > 0; back--) {
            late.add(late(MONTH.minusMonths(back), currency));
        }
        int digits = NaiveBill.rounded(BigDecimal.ZERO, currency).scale();
        return new InvoiceInputs(
                "default",
                MONTH,
                usage,
                late,
                BigInteger.valueOf(-any.rarely(1_000_000_000_000_000L)),
                BigDecimal.valueOf(any.rarely(10_000_000), digits),
                new InvoiceInputs.Terms("Wisp", "VAT", (int) any.rarely(2_500)));
    }

    /** More than was invoiced, or as much; with a price by volume, or a minimum, that may cost less or the same. */
    private InvoiceInputs.Late late(LocalDate month, String currency) {
        List<PeriodUsage> before = any.usage(currency);
        List<PeriodUsage> now = before.stream()
                .map(one -> new PeriodUsage(
                        one.terms(), one.quantities().plus(random.nextBoolean() ? any.quantities() : Quantities.NONE)))
                .toList();
        return new InvoiceInputs.Late(month, now, before);
    }

    /**
     * @param lines id, what it is for and amount
     * @param sums subtotal, credit, tax and total
     */
    private record NaiveInvoice(List<String> lines, List<String> sums) {

        /** What the planner wrote, in the same form. */
        static NaiveInvoice written(InvoiceDocument invoice) {
            return new NaiveInvoice(
                    invoice.lines().stream()
                            .map(line -> line.id() + " " + name(line) + " " + line.amount())
                            .toList(),
                    List.of(invoice.subtotal(), invoice.creditApplied(), invoice.tax(), invoice.total()));
        }

        private static String name(InvoiceDocument.Line line) {
            return line.meter() == null ? line.category().toString() : line.priceVersion() + "/" + line.meter();
        }

        static NaiveInvoice of(InvoiceInputs inputs) {
            PriceTerms last = inputs.usage().getLast().terms();
            NaiveBill month = NaiveBill.of(inputs.usage());
            Sheet sheet = new Sheet(last.currency());
            for (Meter meter : Meter.values()) {
                for (PeriodUsage one : inputs.usage()) {
                    String key = one.terms().version() + "/" + meter;
                    if (month.lines().containsKey(key)) {
                        sheet.add(key, sheet.rounded(month.lines().get(key)));
                    }
                }
            }
            BigDecimal atLeast = month.used().max(BigDecimal.valueOf(last.minimumPicos()));
            sheet.addUnlessZero("FEE", month.net().subtract(atLeast));
            sheet.addUnlessZero("MINIMUM", atLeast.subtract(month.used()));
            for (InvoiceInputs.Late late : inputs.late()) {
                BigDecimal before = NaiveBill.of(late.before()).net();
                sheet.addUnlessZero("CORRECTION", NaiveBill.of(late.now()).net().subtract(before));
            }
            sheet.addUnlessZero("CORRECTION", new BigDecimal(inputs.correctedPicos()));
            BigDecimal subtotal = sheet.total;
            BigDecimal credit = subtotal.signum() > 0 ? subtotal.min(inputs.credit()) : sheet.rounded(BigDecimal.ZERO);
            if (credit.signum() > 0) {
                sheet.add("CREDIT", credit.negate());
            }
            BigDecimal rate = BigDecimal.valueOf(inputs.terms().taxBasisPoints(), 4);
            BigDecimal tax = sheet.rounded(sheet.total.multiply(rate).movePointRight(12));
            if (tax.signum() != 0) {
                sheet.add("TAX", tax);
            }
            return new NaiveInvoice(
                    sheet.lines,
                    Stream.of(subtotal, credit, tax, sheet.total)
                            .map(BigDecimal::toPlainString)
                            .toList());
        }
    }

    /** Lines one under the other, and their sum. */
    private static final class Sheet {

        private final String currency;
        private final List<String> lines = new ArrayList<>();
        private BigDecimal total;

        Sheet(String currency) {
            this.currency = currency;
            this.total = rounded(BigDecimal.ZERO);
        }

        BigDecimal rounded(BigDecimal picos) {
            return NaiveBill.rounded(picos, currency);
        }

        void addUnlessZero(String name, BigDecimal picos) {
            if (picos.signum() != 0) {
                add(name, rounded(picos));
            }
        }

        void add(String name, BigDecimal amount) {
            lines.add("2026-11-" + (lines.size() + 1) + " " + name + " " + amount.toPlainString());
            total = total.add(amount);
        }
    }
}
