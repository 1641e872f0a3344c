package dev.wisp.billing.ledger;

/** The bytes of a row of {@code price_book} that its link covers, and their digest. */
public final class PriceBookDigest {

    private PriceBookDigest() {}

    public static String digest(String alias) {
        return "sha256(%s)".formatted(bytes(alias));
    }

    /** A version without a price for processors held has the bytes of before there was one. */
    public static String bytes(String alias) {
        String columns = ("%1$s.version, %1$s.currency, %1$s.effective_from, %1$s.per_request_picos,"
                        + " %1$s.per_cpu_second_picos, %1$s.per_gib_second_picos, %1$s.increment_millis, %1$s.start_billed,"
                        + " %1$s.per_egress_gb_picos, %1$s.terms::text, %1$s.created_at")
                .formatted(alias);
        return "CASE WHEN %1$s.per_vcpu_second_picos = 0 THEN record_send(ROW(%2$s)) ELSE record_send(ROW(%2$s, %1$s.per_vcpu_second_picos)) END"
                .formatted(alias, columns);
    }
}
