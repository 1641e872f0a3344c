package dev.wisp.billing;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationRecordBuilder;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Records as a node would make them, rated with the first price book; random ones repeat for a seed. */
public final class Invocations {

    private static final PriceBook BOOK = PriceBook.DEFAULT;

    private static final int OUTCOMES = 6;

    private Invocations() {}

    /** An id as a gateway makes it at this moment. */
    public static UUID idAt(Instant at, RandomGenerator random) {
        UUID any = UuidCreator.getTimeOrderedEpoch(at);
        return new UUID(any.getMostSignificantBits(), (random.nextLong() >>> 2) | Long.MIN_VALUE);
    }

    /** A warm, successful call. */
    public static InvocationRecord success(Instant at, String service, RandomGenerator random) {
        return record(at, "default", service, Outcome.SUCCESS, 0, random);
    }

    /** Any call there could be. */
    public static InvocationRecord any(Instant at, String service, RandomGenerator random) {
        return any(at, "default", service, random);
    }

    /** Any call there could be to a service of this namespace. */
    public static InvocationRecord any(Instant at, String namespace, String service, RandomGenerator random) {
        Outcome outcome = random.nextInt(10) < 8 ? Outcome.SUCCESS : Outcome.ofWireCode(random.nextInt(OUTCOMES));
        return record(
                at, namespace, service, outcome, random.nextInt(4) == 0 ? random.nextLong(800, 4_000) : 0, random);
    }

    private static InvocationRecord record(
            Instant at, String namespace, String service, Outcome outcome, long startMicros, RandomGenerator random) {
        long appMicros = random.nextLong(300, 90_000);
        long cpuMicros = random.nextLong(100, 40_000);
        // One in five as of a node from before the limit was recorded.
        int cpuMillicores = appMicros % 5 == 0 ? 0 : 500;
        long memoryBytes = 128L << 20;
        long billedMillis = Rating.billedMillis(BOOK, outcome, startMicros, appMicros);
        long bytesIn = random.nextLong(0, 2_000);
        long bytesOut = random.nextLong(0, 20_000);
        return InvocationRecordBuilder.builder()
                .invocationId(idAt(at, random))
                .receivedAtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                .account("default")
                .revision(new RevisionId(namespace, service + "-00001"))
                .service(service)
                .instanceId("i-" + random.nextInt(3))
                .nodeId("node-1")
                .method(random.nextBoolean() ? "GET" : "POST")
                .status(outcome == Outcome.SUCCESS ? 200 : 500)
                .outcome(outcome)
                .queueMicros(random.nextLong(0, 900))
                .startMicros(startMicros)
                .appMicros(appMicros)
                .coldStart(startMicros > 0)
                .billedMillis(billedMillis)
                .cpuMicros(cpuMicros)
                .cpuMillicores(cpuMillicores)
                .memoryBytes(memoryBytes)
                .memoryPeakBytes(random.nextLong(4L << 20, memoryBytes))
                .bytesIn(bytesIn)
                .bytesOut(bytesOut)
                .priceVersion(BOOK.version())
                .costPicos(
                        Rating.costPicos(BOOK, outcome, billedMillis, cpuMicros, cpuMillicores, memoryBytes, bytesOut))
                .startParts(
                        startMicros > 0 ? new StartParts("claim=100,listen=" + (startMicros - 100)) : StartParts.NONE)
                .origin(origin(cpuMillicores > 0 && appMicros % 2 == 0, service))
                .build();
    }

    /** As of nodes that record it and of nodes that do not yet. */
    private static Origin origin(boolean recorded, String service) {
        return recorded ? new Origin(Trigger.HTTP, 1, new UUID(7, service.hashCode())) : Origin.UNKNOWN;
    }

    /** The record with another charge than the price book gives. */
    public static InvocationRecord overcharged(InvocationRecord record, int priceVersion, long costPicos) {
        return record.with().priceVersion(priceVersion).costPicos(costPicos).build();
    }

    /** The record as if its container had used this much processor time and its instance had this name. */
    public static InvocationRecord strange(InvocationRecord record, long cpuMicros, String instanceId) {
        return record.with().cpuMicros(cpuMicros).instanceId(instanceId).build();
    }

    /** As it travels when no other goes with it. */
    public static InvocationBatch alone(InvocationRecord record) {
        return InvocationBatch.of(List.of(ByteBuffer.wrap(InvocationCodec.encode(record))));
    }
}
