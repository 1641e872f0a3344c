package dev.wisp.billing.price;

import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.MeterPrice;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Tier;
import dev.wisp.billing.rating.TierMode;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a {@link PriceDraft} into exact prices; every refusal names the field. */
final class DraftReader {

    /** Nodes have to hear of a version before it begins, or they show callers a price that billing corrects. */
    static final Duration LEAD_MIN = Duration.ofMinutes(1);

    private static final Set<Meter> NOT_RECORDED = Set.of(Meter.DISK_TIME);

    private static final int PICO_DIGITS = 12;
    private static final int DECIMAL_CHARACTERS_MAX = 40;

    private DraftReader() {}

    static PriceBook book(int version, PriceDraft draft, Instant now) {
        Instant effectiveFrom = time(draft.effectiveFrom());
        if (effectiveFrom.isBefore(now.plus(LEAD_MIN))) {
            throw refusal("/effectiveFrom", effectiveFrom.toString(), "must be at least a minute from now: " + now);
        }
        Long increment = Objects.requireNonNullElse(draft.incrementMillis(), 1L);
        if (increment < 1 || increment > 60_000) {
            throw refusal("/incrementMillis", increment.toString(), "must be 1..60000");
        }
        return new PriceBook(
                version,
                currency(draft.currency()),
                effectiveFrom,
                picos("/perRequest", draft.perRequest()),
                picos("/perCpuSecond", draft.perCpuSecond()),
                picos("/perVcpuSecond", draft.perVcpuSecond()),
                picos("/perGibSecond", draft.perGibSecond()),
                picos("/perEgressGb", draft.perEgressGb()),
                increment,
                Boolean.TRUE.equals(draft.startBilled()));
    }

    /** How a period is billed: what the terms say, and for meters they leave out the price of a call. */
    static PriceTerms terms(PriceBook book, PriceDraft.@Nullable Terms terms) {
        Map<Meter, MeterPrice> meters = new EnumMap<>(Map.of(
                Meter.REQUESTS, MeterPrice.flat(book.perRequestPicos()),
                Meter.CPU_TIME, MeterPrice.flat(book.perCpuSecondPicos()),
                Meter.MEMORY_TIME, MeterPrice.flat(book.perGibSecondPicos()),
                Meter.EGRESS, MeterPrice.flat(book.perEgressGbPicos())));
        // Only where it has a price: whoever has none need not read on each invoice what was held for nothing.
        if (book.perVcpuSecondPicos() > 0) {
            meters.put(Meter.VCPU_TIME, MeterPrice.flat(book.perVcpuSecondPicos()));
        }
        if (terms == null) {
            return new PriceTerms(book.version(), book.currency(), meters, 0, 0);
        }
        if (terms.meters() != null) {
            terms.meters().forEach((name, draft) -> meters.put(meter(name), meterPrice(meter(name), draft)));
        }
        return new PriceTerms(
                book.version(),
                book.currency(),
                meters,
                picos("/fee", terms.fee()),
                picos("/minimum", terms.minimum()));
    }

    /** A price that no invoice would ever apply is a mistake of whoever writes it: better told now than in a month. */
    static void requireRecorded(PriceDraft.@Nullable Terms terms) {
        if (terms == null || terms.meters() == null) {
            return;
        }
        for (String name : terms.meters().keySet()) {
            if (NOT_RECORDED.contains(meter(name))) {
                throw refusal(
                        "/meters", name, "is for estimates: no record has such a quantity, so nothing would be billed");
            }
        }
    }

    /** A month has one currency, or it could not have one invoice. */
    static void requireWholeMonths(PriceBook book, PriceBook before) {
        boolean monthBegins = book.effectiveFrom().toString().endsWith("-01T00:00:00Z");
        if (!book.currency().equals(before.currency()) && !monthBegins) {
            throw refusal(
                    "/effectiveFrom",
                    book.effectiveFrom().toString(),
                    "must be the start of a month in UTC for another currency");
        }
    }

    private static MeterPrice meterPrice(Meter meter, PriceDraft.MeterDraft draft) {
        String path = "/meters/" + meter;
        List<Tier> tiers = new ArrayList<>();
        List<PriceDraft.TierDraft> drafts = draft.tiers() == null ? List.of() : draft.tiers();
        for (int i = 0; i < Math.min(drafts.size(), MeterPrice.TIERS_MAX + 1); i++) {
            PriceDraft.TierDraft tier = drafts.get(i);
            String at = "%s/tiers/%d".formatted(path, i);
            BigInteger upTo = tier.upTo() == null ? null : quantity(at + "/upTo", meter, tier.upTo());
            tiers.add(new Tier(upTo, picos(at + "/price", tier.price())));
        }
        try {
            return new MeterPrice(
                    mode(path, draft.mode()),
                    draft.free() == null ? BigInteger.ZERO : quantity(path + "/free", meter, draft.free()),
                    tiers,
                    basisPoints(path + "/discountPercent", draft.discountPercent()));
        } catch (IllegalArgumentException e) {
            throw refusal(path, "…", String.valueOf(e.getMessage()));
        }
    }

    private static Meter meter(String name) {
        try {
            return Meter.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refusal("/meters", name, "must be one of " + List.of(Meter.values()));
        }
    }

    private static TierMode mode(String path, @Nullable String mode) {
        if (mode == null) {
            return TierMode.GRADUATED;
        }
        try {
            return TierMode.valueOf(mode.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refusal(path + "/mode", mode, "must be graduated or volume");
        }
    }

    private static int basisPoints(String path, @Nullable String percent) {
        return percent == null
                ? 0
                : whole(path, percent, decimal(path, percent).movePointRight(2)).intValueExact();
    }

    private static BigInteger quantity(String path, Meter meter, String units) {
        return whole(path, units, decimal(path, units).multiply(new BigDecimal(meter.baseUnitsPerUnit())));
    }

    private static long picos(String path, @Nullable String amount) {
        if (amount == null) {
            return 0;
        }
        BigInteger picos = whole(path, amount, decimal(path, amount).movePointRight(PICO_DIGITS));
        if (picos.bitLength() >= Long.SIZE - 1) {
            throw refusal(path, amount, "must be below 4,000,000");
        }
        return picos.longValueExact();
    }

    private static BigInteger whole(String path, String given, BigDecimal amount) {
        try {
            return amount.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw refusal(path, given, "has more digits than can be billed exactly");
        }
    }

    private static BigDecimal decimal(String path, String text) {
        if (!text.matches("\\d{1,24}(\\.\\d{1,%d})?".formatted(PICO_DIGITS))
                || text.length() > DECIMAL_CHARACTERS_MAX) {
            throw refusal(path, text, "must be a decimal of at most 12 decimals, not negative");
        }
        return new BigDecimal(text);
    }

    private static String currency(@Nullable String code) {
        try {
            return Currency.getInstance(code == null ? "USD" : code).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw refusal("/currency", String.valueOf(code), "must be a code of ISO 4217");
        }
    }

    private static Instant time(@Nullable String text) {
        try {
            return Instant.parse(String.valueOf(text));
        } catch (DateTimeException e) {
            throw refusal("/effectiveFrom", String.valueOf(text), "must be a time such as 2026-12-01T00:00:00Z");
        }
    }

    private static ProblemException refusal(String pointer, String value, String rule) {
        String shown = value.length() > 100 ? value.substring(0, 100) + "…" : value;
        return new ProblemException(
                Problem.of(ErrorCode.INVALID, "%s=%s, %s".formatted(pointer.substring(1), shown, rule))
                        .withErrors(List.of(new Problem.FieldError(pointer, rule))));
    }
}
