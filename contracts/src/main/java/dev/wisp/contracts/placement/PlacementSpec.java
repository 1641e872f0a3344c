package dev.wisp.contracts.placement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which nodes a revision may run, and on which it would rather.
 *
 * @param required terms of which a node must meet one; none for any node
 * @param preferred terms that put nodes that meet them before others
 * @param tolerations taints it does not mind
 * @param spreadBy name of a label over whose values its instances are spread, null for no more than over nodes
 */
public record PlacementSpec(
        List<NodeTerm> required,
        List<Preference> preferred,
        List<Toleration> tolerations,
        @Nullable String spreadBy) {

    /** Of each of the lists. */
    public static final int ENTRIES_MAX = 16;

    /** Any node without a taint. */
    public static final PlacementSpec ANYWHERE = new PlacementSpec(List.of(), List.of(), List.of(), null);

    /**
     * A term with a weight.
     *
     * @param weight 1..100; those of all terms a node meets are added up
     */
    public record Preference(int weight, NodeTerm term) {

        public Preference {
            if (weight < 1 || weight > 100) {
                throw new IllegalArgumentException("weight=%d, must be 1..100".formatted(weight));
            }
        }
    }

    public PlacementSpec {
        required = List.copyOf(required);
        preferred = List.copyOf(preferred);
        tolerations = List.copyOf(tolerations);
        if (Math.max(required.size(), Math.max(preferred.size(), tolerations.size())) > ENTRIES_MAX) {
            throw new IllegalArgumentException("%d terms, %d preferences, %d tolerations, at most %d of each"
                    .formatted(required.size(), preferred.size(), tolerations.size(), ENTRIES_MAX));
        }
    }
}
