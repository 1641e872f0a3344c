package dev.wisp.billing.ledger;

/** A value on the topic that is no record, kept as it was. */
@SuppressWarnings("ArrayRecordComponent") // Carried from the consumer to the statement and never compared.
public record RejectedValue(int partition, long offset, String reason, byte[] value) {}
