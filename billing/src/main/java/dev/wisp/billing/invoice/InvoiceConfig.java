package dev.wisp.billing.invoice;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What stands on every invoice. */
@ConfigMapping(prefix = "wisp.billing.invoice")
public interface InvoiceConfig {

    /** Who issues it. */
    @WithDefault("Wisp")
    String issuer();

    /** What the tax is called. */
    @WithDefault("Tax")
    String taxName();

    /** Tax in hundredths of a percent of what is to be paid, 0..10000. */
    @WithDefault("0")
    int taxBasisPoints();

    /** Time from issue until payment is due. */
    @WithDefault("14d")
    Duration paymentTerms();
}
