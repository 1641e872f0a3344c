package dev.wisp.bench.billing;

import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.postgresql.PGConnection;

/** What {@code \copy} does with a file that was written before: text, one transaction, into the ledger's own table. */
final class CopyRun {

    private final BenchDatabase database;
    private long nanos;
    private long records;

    CopyRun(BenchDatabase database) {
        this.database = database;
    }

    void take(List<byte[]> values) throws SQLException {
        byte[] file = file(values);
        try (Connection connection = database.dataSource().getConnection()) {
            long begun = System.nanoTime();
            long copied = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY billing.invocation FROM STDIN", new ByteArrayInputStream(file));
            nanos += System.nanoTime() - begun;
            if (copied != values.size()) {
                throw new BenchException("COPY took %d of %d rows".formatted(copied, values.size()));
            }
            records += copied;
        } catch (IOException e) {
            throw new BenchException("COPY failed: " + e.getMessage(), e);
        }
    }

    double perSecond() {
        return records * 1e9 / nanos;
    }

    private static byte[] file(List<byte[]> values) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(values.size() * 300);
        for (byte[] value : values) {
            file.writeBytes(line(InvocationCodec.decode(ByteBuffer.wrap(value))).getBytes(StandardCharsets.UTF_8));
        }
        return file.toByteArray();
    }

    private static String line(InvocationRecord record) {
        Instant at = Instant.EPOCH.plus(record.receivedAtMicros(), ChronoUnit.MICROS);
        List<Object> columns = List.of(
                LocalDate.ofInstant(at, ZoneOffset.UTC),
                record.invocationId(),
                at,
                record.account(),
                record.revision().namespace(),
                record.service(),
                record.revision().name(),
                record.instanceId(),
                record.nodeId(),
                record.method(),
                record.status(),
                record.outcome().wireCode(),
                record.queueMicros(),
                record.startMicros(),
                record.appMicros(),
                record.coldStart(),
                record.billedMillis(),
                record.cpuMicros(),
                record.cpuApportioned(),
                record.memoryBytes(),
                record.memoryPeakBytes(),
                record.bytesIn(),
                record.bytesOut(),
                record.priceVersion(),
                record.costPicos(),
                0,
                0,
                startParts(record),
                record.cpuMillicores(),
                record.origin().trigger().wireCode(),
                record.origin().attempt(),
                record.origin().serviceUid());
        StringBuilder line = new StringBuilder(300);
        columns.forEach(column -> line.append(line.isEmpty() ? "" : "\t").append(column));
        return line.append('\n').toString();
    }

    /** Of the warm calls that are made here there are none. */
    private static String startParts(InvocationRecord record) {
        if (record.coldStart()) {
            throw new BenchException("a call that started an instance is not among those that COPY takes");
        }
        return "";
    }
}
