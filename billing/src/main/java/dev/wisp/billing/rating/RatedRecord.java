package dev.wisp.billing.rating;

import dev.wisp.contracts.invocation.InvocationRecord;

/** A record with the cost the ledger will hold, and how that cost came about. */
public record RatedRecord(InvocationRecord record, RatingState state) {}
