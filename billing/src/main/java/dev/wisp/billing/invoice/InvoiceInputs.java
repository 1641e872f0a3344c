package dev.wisp.billing.invoice;

import dev.wisp.billing.rating.PeriodUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;

/**
 * What a month's invoice is made of.
 *
 * @param usage of the month, per version of the prices in order; at least one
 * @param late earlier months that have records which came after their invoice
 * @param correctedPicos what was taken back in the month, 0 or less
 * @param credit what is left of credits
 */
record InvoiceInputs(
        String account,
        LocalDate month,
        List<PeriodUsage> usage,
        List<Late> late,
        BigInteger correctedPicos,
        BigDecimal credit,
        Terms terms) {

    /** What stands on every invoice. */
    record Terms(String issuer, String taxName, int taxBasisPoints) {}

    /**
     * @param now usage of the earlier month with what came late
     * @param before what of it was invoiced
     */
    record Late(LocalDate month, List<PeriodUsage> now, List<PeriodUsage> before) {}
}
