package dev.wisp.contracts.budget;

import java.time.Instant;

/**
 * What came of an ask.
 *
 * @param leaseId empty when nothing was granted
 * @param picos what the gateway may spend without asking anybody, 0 when nothing was granted
 * @param leftPicos of the amount, neither spent nor held by anyone, after this
 * @param unspentPicos of the amount, not known to be spent: what all hold, and what is left
 * @param validUntil nothing may be set aside from it later; calls that are under way then are still paid from it
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
        Instant validUntil) {}
