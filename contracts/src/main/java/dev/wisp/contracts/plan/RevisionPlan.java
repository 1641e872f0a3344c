package dev.wisp.contracts.plan;

import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the autoscaler decided for one revision; exists before the first request does, also for a revision at zero.
 * Over all shares, {@code count + burst} never exceeds {@code max-scale}.
 *
 * @param epoch grows with every decision and every change of who decides, see {@link EpochPolicy}; an older plan that arrives late is ignored
 * @param desired instances wanted in total
 * @param shares nodes in the order in which a gateway asks them
 * @param reason why, in a sentence with numbers
 */
public record RevisionPlan(
        RevisionId revision, long epoch, int desired, List<NodeShare> shares, String reason, Instant decidedAt) {

    /**
     * One node's part.
     *
     * @param count instances the node holds even when idle, and starts by itself
     * @param burst instances beyond {@code count} that a gateway may have started without asking anyone else
     */
    public record NodeShare(String nodeId, int count, int burst) {

        public NodeShare {
            if (count < 0 || burst < 0) {
                throw new IllegalArgumentException("count=%d, burst=%d, must be >= 0".formatted(count, burst));
            }
        }
    }

    public RevisionPlan {
        shares = List.copyOf(shares);
    }

    public Optional<NodeShare> share(String nodeId) {
        return shares.stream().filter(share -> share.nodeId().equals(nodeId)).findFirst();
    }
}
