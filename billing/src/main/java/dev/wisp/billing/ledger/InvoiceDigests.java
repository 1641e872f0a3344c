package dev.wisp.billing.ledger;

/** The bytes of invoices, their events and credits that their links cover. */
public final class InvoiceDigests {

    private InvoiceDigests() {}

    public static String invoice(String alias) {
        return ("sha256(record_send(ROW(%1$s.number, %1$s.kind, %1$s.account, %1$s.month, %1$s.currency, %1$s.total,"
                        + " %1$s.credit_applied, %1$s.refers_to, %1$s.issued_at, %1$s.document)))")
                .formatted(alias);
    }

    public static String event(String alias) {
        return "sha256(record_send(ROW(%1$s.number, %1$s.invoice, %1$s.state, %1$s.at, %1$s.note)))".formatted(alias);
    }

    public static String credit(String alias) {
        return ("sha256(record_send(ROW(%1$s.number, %1$s.account, %1$s.currency, %1$s.amount, %1$s.granted_at,"
                        + " %1$s.reason)))")
                .formatted(alias);
    }
}
