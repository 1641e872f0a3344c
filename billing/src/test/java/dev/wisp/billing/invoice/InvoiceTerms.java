package dev.wisp.billing.invoice;

import java.time.Duration;

/** How tests bill: by Wisp, with this much tax, to be paid in two weeks. */
public record InvoiceTerms(int taxBasisPoints) implements InvoiceConfig {

    @Override
    public String issuer() {
        return "Wisp";
    }

    @Override
    public String taxName() {
        return "VAT";
    }

    @Override
    public Duration paymentTerms() {
        return Duration.ofDays(14);
    }
}
