package dev.wisp.contracts.revision;

import dev.wisp.contracts.problem.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a node has got with a revision: image pulled and unpacked, then one instance started to prove it listens.
 *
 * @param phases what was done so far, in order, for the deploy transcript
 * @param problem why it failed, only with {@link State#FAILED}
 */
public record RevisionReadiness(
        RevisionId revision,
        String nodeId,
        State state,
        List<Phase> phases,
        @Nullable Problem problem,
        Instant at) {

    /** Order of preparation; the last two are final. */
    public enum State {
        PULLING,
        STARTING,
        READY,
        FAILED
    }

    /**
     * One finished step.
     *
     * @param name short and stable: {@code image}, {@code unpack}, {@code start}
     * @param detail for people: size, number of layers, port
     */
    public record Phase(String name, long micros, String detail) {}

    public RevisionReadiness {
        phases = List.copyOf(phases);
    }
}
