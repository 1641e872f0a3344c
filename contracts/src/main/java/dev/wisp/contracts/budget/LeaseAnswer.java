package dev.wisp.contracts.budget;

/**
 * What came of an ask.
 *
 * @param leaseId empty when nothing was granted
 * @param picos what the gateway may spend without asking anybody, 0 when nothing was granted
 * @param leftPicos of the amount, neither spent nor held by anyone, after this
 * @param unspentPicos of the amount, not known to be spent: what all hold, and what is left
 * @param askedNanos that of the ask
 * @param validMillis from {@code askedNanos} on; nothing may be set aside from it later, calls that are under way then are still paid from
 *     it. A length and no moment: the clocks of two hosts differ, and one that is set must neither end a lease nor keep it
 */
public record LeaseAnswer(
        String budget,
        String scopeId,
        String gatewayId,
        String boot,
        long number,
        String leaseId,
        long picos,
        long leftPicos,
        long unspentPicos,
        long askedNanos,
        long validMillis) {}
