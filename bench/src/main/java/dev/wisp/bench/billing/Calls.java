package dev.wisp.bench.billing;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Calls of thirty services in three namespaces, in the order in which they come; as the bytes that a node sends. */
final class Calls {

    private static final int SERVICES = 30;
    private static final int NAMESPACES = 3;
    private static final int NODES = 4;

    private final SplittableRandom random = new SplittableRandom(5);
    private final long microsApart;
    private long atMicros;

    Calls(Instant from, long microsApart) {
        this.atMicros = from.toEpochMilli() * 1_000;
        this.microsApart = microsApart;
    }

    List<byte[]> next(int count) {
        List<byte[]> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            atMicros += microsApart;
            values.add(InvocationCodec.encode(call()));
        }
        return values;
    }

    private InvocationRecord call() {
        int service = random.nextInt(SERVICES);
        String namespace = "team-" + service % NAMESPACES;
        String name = "service-" + service;
        Outcome outcome = random.nextInt(50) == 0 ? Outcome.ERROR : Outcome.SUCCESS;
        long appMicros = random.nextLong(300, 60_000);
        long cpuMicros = random.nextLong(100, 20_000);
        int cpuMillicores = 1_000;
        long memoryBytes = 128L << 20;
        long bytesOut = random.nextLong(20_000);
        long billedMillis = Rating.billedMillis(PriceBook.DEFAULT, outcome, 0, appMicros);
        return InvocationRecordBuilder.builder()
                .invocationId(id())
                .receivedAtMicros(atMicros)
                .account("default")
                .revision(new RevisionId(namespace, name + "-00001"))
                .service(name)
                .instanceId("%s-00001-%d".formatted(name, random.nextInt(5)))
                .nodeId("node-" + random.nextInt(NODES))
                .method("GET")
                .status(outcome == Outcome.SUCCESS ? 200 : 500)
                .outcome(outcome)
                .queueMicros(random.nextLong(100))
                .startMicros(0)
                .appMicros(appMicros)
                .billedMillis(billedMillis)
                .cpuMicros(cpuMicros)
                .cpuMillicores(cpuMillicores)
                .memoryBytes(memoryBytes)
                .memoryPeakBytes(memoryBytes / 2)
                .bytesIn(random.nextLong(2_000))
                .bytesOut(bytesOut)
                .priceVersion(PriceBook.DEFAULT.version())
                .costPicos(Rating.costPicos(
                        PriceBook.DEFAULT, outcome, billedMillis, cpuMicros, cpuMillicores, memoryBytes, bytesOut))
                .startParts(StartParts.NONE)
                .origin(new Origin(Trigger.HTTP, 1, new UUID(service, service)))
                .build();
    }

    /** A UUIDv7 of the call's moment. */
    private UUID id() {
        long millis = atMicros / 1_000;
        long random12 = random.nextLong() & 0xfff;
        return new UUID(millis << 16 | 0x7000 | random12, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }
}
