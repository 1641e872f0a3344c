package dev.wisp.billing.export;

import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceDocument.Line;
import dev.wisp.billing.invoice.InvoiceDocument.Part;
import dev.wisp.billing.invoice.StoredInvoice;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A November with everything in it, as an invoice and as a draft. */
final class FocusDocuments {

    static final Instant NOW = Instant.parse("2026-12-01T08:00:00Z");
    static final String LEDGER_ROOT = "1f".repeat(32);
    static final Instant HOUR = Instant.parse("2026-11-05T10:00:00Z");
    static final String TAGS = "{\"env\": \"prod\", \"team\": \"web\"}";

    static final Instant TAKEN_BACK = Instant.parse("2026-11-20T08:00:00Z");

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

    private FocusDocuments() {}

    static Stream<InvoiceDocument> documents() {
        return Stream.of(document(7L), document(null));
    }

    /**
     * Within November invoice 5, of October, became void, 6 took something off invoice 4, of September, and calls of October and of November itself
     * were taken back, two thirds of them of October.
     */
    static FocusPeriod period(InvoiceDocument document) {
        Map<Meter, MeterPrice> prices = new HashMap<>();
        Set.of(Meter.VCPU_TIME, Meter.IDLE_MEMORY_TIME, Meter.IDLE_VCPU_TIME)
                .forEach(meter -> prices.put(meter, MeterPrice.flat(3_000_000)));
        StoredInvoice bill = StoredInvoice.unsettled(document);
        return new FocusPeriod(
                document.month(),
                bill,
                List.of(
                        StoredInvoice.unsettled(other(4, null, "2026-09", "3.00")),
                        new StoredInvoice(other(5, null, "2026-10", "2.00"), StoredInvoice.VOID, TAKEN_BACK),
                        StoredInvoice.unsettled(other(6, 4L, "2026-09", "-0.30")),
                        bill),
                new FocusDatasets.Context(
                        PriceBooks.DEFAULT,
                        Map.of(1, new PriceTerms(1, "USD", prices, 0, 0)),
                        Map.of(LocalDate.of(2026, 9, 1), 4L, LocalDate.of(2026, 10, 1), 5L),
                        new TreeMap<>(Map.of(
                                LocalDate.of(2026, 10, 1), BigInteger.valueOf(-20),
                                LocalDate.of(2026, 11, 1), BigInteger.valueOf(-10))),
                        LEDGER_ROOT,
                        NOW));
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
                0,
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
                times / 2,
                Map.of(
                        Meter.REQUESTS,
                        BigInteger.valueOf(times),
                        Meter.VCPU_TIME,
                        BigInteger.valueOf(times * 5_001),
                        Meter.MEMORY_TIME,
                        BigInteger.valueOf(times * 777)));
    }

    static InvoiceDocument document(@Nullable Long number) {
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
                        line(9, Category.USAGE, Meter.VCPU_TIME, "0.02"),
                        line(10, Category.CORRECTION, null, "-0.09")),
                "5.12",
                "1.00",
                "0.41",
                "4.53",
                List.of(new InvoiceDocument.Snapshot(
                        LocalDate.of(2026, 11, 1), List.of(new InvoiceDocument.Usage(1, BILLED)))),
                null);
    }

    /** A November of requests alone, under two versions of the prices. */
    static InvoiceDocument underTwoVersions() {
        return new InvoiceDocument(
                9L,
                "INVOICE",
                null,
                "Wisp",
                "default",
                LocalDate.of(2026, 11, 1),
                NOW,
                NOW,
                "USD",
                List.of(requests(1, "0.30"), requests(2, "0.80")),
                "1.10",
                "0.00",
                "0.00",
                "1.10",
                List.of(new InvoiceDocument.Snapshot(LocalDate.of(2026, 11, 1), List.of(counted(1, 3), counted(2, 4)))),
                null);
    }

    static HourUsage requests(int priceVersion, long times) {
        return new HourUsage(
                HOUR,
                "default",
                "hello",
                "hello-00001",
                priceVersion,
                null,
                null,
                0,
                Map.of(Meter.REQUESTS, BigInteger.valueOf(times)));
    }

    private static InvoiceDocument.Usage counted(int priceVersion, long requests) {
        return new InvoiceDocument.Usage(priceVersion, Map.of(Meter.REQUESTS, BigInteger.valueOf(requests)));
    }

    private static Line requests(int priceVersion, String amount) {
        return new Line(
                "2026-11-" + priceVersion,
                Category.USAGE,
                priceVersion,
                Meter.REQUESTS,
                Meter.REQUESTS.title(),
                "1",
                Meter.REQUESTS.unit(),
                List.of(),
                "1/1",
                amount,
                null,
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

    static InvoiceDocument other(long number, @Nullable Long refersTo, String month, String total) {
        LocalDate first = LocalDate.parse(month + "-01");
        return new InvoiceDocument(
                number,
                refersTo == null ? "INVOICE" : "CREDIT_NOTE",
                refersTo,
                "Wisp",
                "default",
                first,
                refersTo == null ? HOUR.minus(2, ChronoUnit.DAYS) : HOUR,
                HOUR,
                "USD",
                List.of(line(number, first, total)),
                total,
                "0.00",
                "0.00",
                total,
                List.of(),
                null);
    }

    private static Line line(long number, LocalDate month, String amount) {
        return new Line(
                "credit-" + number,
                Category.CREDIT,
                null,
                null,
                "too slow in " + month,
                null,
                null,
                List.of(),
                "1/1",
                amount,
                null,
                null);
    }
}
