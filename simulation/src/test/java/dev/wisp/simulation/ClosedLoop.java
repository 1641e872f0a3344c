package dev.wisp.simulation;

import dev.wisp.contracts.revision.RevisionSpec;
import java.time.Duration;

/** Callers that call again once they are answered, in virtual time. */
final class ClosedLoop {

    private final Platform platform;
    private final RevisionSpec spec;
    private final Duration takes;
    private int wanted;
    private int calling;
    private int turn;

    ClosedLoop(Platform platform, RevisionSpec spec, Duration takes) {
        this.platform = platform;
        this.spec = spec;
        this.takes = takes;
    }

    /** So many calls at once from now on; those under way end as they will. */
    void callers(int number) {
        wanted = number;
        while (calling < wanted) {
            calling++;
            call();
        }
    }

    private void call() {
        if (calling > wanted) {
            calling--;
            return;
        }
        // Off the stack of the answer before: a refusal comes at once.
        platform.time.after(
                Duration.ZERO, () -> platform.request(turn++ % platform.gateways.size(), spec, takes, this::call));
    }
}
