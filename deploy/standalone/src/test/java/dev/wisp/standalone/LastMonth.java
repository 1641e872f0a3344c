package dev.wisp.standalone;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.KafkaBus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationRecordBuilder;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A call of the month before, as a node would have sent its record; so that there is a month that can be invoiced. */
record LastMonth(Client client, String kafka) {

    private static final PriceBook BOOK = PriceBook.DEFAULT;

    /** Months that are over have an invoice when this returns; which number it has. */
    long invoice(String service) throws Exception {
        YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(1);
        try (Bus bus = new KafkaBus(kafka, "last-month")) {
            InvocationRecord call = call(service, month.atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC));
            bus.publish(
                            Topics.INVOCATIONS,
                            call.account(),
                            InvocationBatch.of(List.of(ByteBuffer.wrap(InvocationCodec.encode(call)))))
                    .get(10, TimeUnit.SECONDS);
        }
        Awaitility.await("an invoice of " + month)
                .atMost(Duration.ofSeconds(30))
                .until(() -> client.post("/v1/billing/invoices", "{\"month\":\"%s\"}".formatted(month))
                                .statusCode()
                        == 200);
        return Client.json(client.get("/v1/billing/invoices"))
                .at("/0/document/number")
                .asLong();
    }

    /** A day on four processors: enough for amounts above a cent. */
    private static InvocationRecord call(String service, Instant at) {
        long cpuMicros = Duration.ofDays(4).toMillis() * 1_000;
        long appMicros = Duration.ofDays(1).toMillis() * 1_000;
        long memoryBytes = 8L << 30;
        long bytesOut = 40_000_000_000L;
        long billedMillis = Rating.billedMillis(BOOK, Outcome.SUCCESS, 0, appMicros);
        return InvocationRecordBuilder.builder()
                .invocationId(UuidCreator.getTimeOrderedEpoch(at))
                .receivedAtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                .account("default")
                .revision(new RevisionId("default", service + "-00001"))
                .service(service)
                .instanceId("i-1")
                .nodeId("node-1")
                .method("POST")
                .status(200)
                .outcome(Outcome.SUCCESS)
                .queueMicros(120)
                .startMicros(0)
                .appMicros(appMicros)
                .billedMillis(billedMillis)
                .cpuMicros(cpuMicros)
                .cpuMillicores(4_000)
                .memoryBytes(memoryBytes)
                .memoryPeakBytes(memoryBytes / 2)
                .bytesIn(1_000)
                .bytesOut(bytesOut)
                .priceVersion(BOOK.version())
                .costPicos(
                        Rating.costPicos(BOOK, Outcome.SUCCESS, billedMillis, cpuMicros, 4_000, memoryBytes, bytesOut))
                .startParts(StartParts.NONE)
                .origin(Origin.UNKNOWN)
                .build();
    }
}
