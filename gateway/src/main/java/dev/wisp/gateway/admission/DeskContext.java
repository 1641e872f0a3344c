package dev.wisp.gateway.admission;

import dev.wisp.gateway.budget.BudgetGate;
import dev.wisp.gateway.coldstart.NodePorts;
import dev.wisp.gateway.explain.TriedCalls;
import dev.wisp.gateway.metric.GatewayMetrics;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What every desk works with.
 *
 * @param nanoClock monotonic, nanoseconds
 * @param jitter in [0, 1)
 * @param triedCalls where what becomes of calls is kept that do not simply go through
 */
public record DeskContext(
        String gatewayId,
        NodePorts nodes,
        HoldLimits limits,
        SendLimits sending,
        HoldBudget budget,
        BudgetGate money,
        GatewayMetrics metrics,
        InstantSource clock,
        LongSupplier nanoClock,
        DoubleSupplier jitter,
        TriedCalls triedCalls) {}
