package dev.wisp.autoscaler.decision;

/** How many gateways should stand in front of a revision to buffer its bursts: Knative's count of activators. */
public final class BufferPolicy {

    private static final int GATEWAYS_MIN = 2;

    private BufferPolicy() {}

    /**
     * Enough for what the ready instances take plus the burst to keep room for.
     *
     * @param gatewayCapacity requests one gateway may hold and carry at once, >= 1
     */
    public static int gateways(KpaSettings settings, int ready, double gatewayCapacity) {
        if (settings.burstCapacity() == 0) {
            return GATEWAYS_MIN;
        }
        double load = ready * settings.capacity() + Math.max(0, settings.burstCapacity());
        return Math.max(GATEWAYS_MIN, (int) Math.ceil(load / gatewayCapacity));
    }
}
