package dev.wisp.controller.store;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.testkit.RevisionSpecs;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Services and revisions as tests need them: service {@code n/s} with revisions {@code s-00001} and so on. */
public final class Stored {

    public static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    public static final String HOST = "s.n.localhost";
    private static final UUID SERVICE = new UUID(1, 0);

    private Stored() {}

    /** Revisions in these states, number 1 first, all published; traffic nowhere. */
    public static ServiceSnapshot service(State... states) {
        List<StoredRevision> revisions = IntStream.range(0, states.length)
                .mapToObj(index -> revision(index + 1, states[index]))
                .toList();
        return new ServiceSnapshot(row(states.length, null), revisions);
    }

    public static StoredService row(int revisions, @Nullable String pinned) {
        return new StoredService(
                SERVICE,
                "n",
                "s",
                5,
                revisions,
                CREATED,
                "{}",
                "{}",
                revisions,
                name(revisions),
                null,
                pinned,
                new Route(HOST, "n", "s", revisions, List.of()),
                CREATED);
    }

    public static StoredRevision revision(int number, State state) {
        RevisionId id = new RevisionId("n", name(number));
        return new StoredRevision(
                new UUID(2, number),
                id,
                SERVICE,
                number,
                number,
                5,
                CREATED,
                "{\"template\":" + number + "}",
                spec(id),
                new Progress(state, state == State.WAITING ? null : "node-1", List.of(), null, CREATED, CREATED),
                true,
                CREATED,
                null);
    }

    public static RevisionSpec spec(RevisionId id) {
        return RevisionSpecs.of(id, "s")
                .account("n")
                .serviceUid(SERVICE.toString())
                .limits(new Limits(1000, 256L << 20, 512, 64L << 20))
                .createdAt(CREATED)
                .build();
    }

    public static String name(int number) {
        return "s-%05d".formatted(number);
    }
}
