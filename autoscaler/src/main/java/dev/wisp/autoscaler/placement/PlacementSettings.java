package dev.wisp.autoscaler.placement;

/**
 * What holds for all revisions.
 *
 * @param burstDefault burst in all of a revision without {@code max-scale}
 * @param headroomPercent share of a node's memory and requested processor time that plans leave free while another node has more, for what gateways start; 0..90
 */
public record PlacementSettings(int burstDefault, int headroomPercent) {

    public static final PlacementSettings DEFAULT = new PlacementSettings(64, 10);

    public PlacementSettings {
        if (burstDefault < 0 || headroomPercent < 0 || headroomPercent > 90) {
            throw new IllegalArgumentException("burstDefault=%d, must be >= 0; headroomPercent=%d, must be 0..90"
                    .formatted(burstDefault, headroomPercent));
        }
    }
}
