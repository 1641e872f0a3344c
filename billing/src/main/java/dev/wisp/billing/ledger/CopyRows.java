package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * Records in Postgres' binary COPY format: a header, per row a column count and per column a length and big-endian bytes, then a
 * trailer. Binary because the server then parses nothing: about twice the rows a second of text.
 */
final class CopyRows {

    /** The columns in the order in which {@link #putRow} writes them. */
    static final String COLUMNS =
            "id_day, invocation_id, received_at, account, namespace, service, revision, instance_id,"
                    + " node_id, method, status, outcome, queue_us, start_us, app_us, cold_start, billed_ms, cpu_us,"
                    + " cpu_apportioned, memory_bytes, memory_peak_bytes, bytes_in, bytes_out, price_version, cost_picos, rating";

    private static final short COLUMN_COUNT = 26;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int HEADER_BYTES = SIGNATURE.length + 8;
    private static final int TRAILER_BYTES = 2;
    /** 18 fixed columns with their lengths, and eight texts of at most 255 bytes with theirs, rounded up. */
    private static final int ROW_BYTES_MAX = 18 * 20 + 8 * (255 + 4);

    private static final int START_BYTES_PER_ROW = 360;

    /** Postgres counts from 2000-01-01. */
    private static final long EPOCH_DAYS = LocalDate.of(2000, 1, 1).toEpochDay();

    private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

    private ByteBuffer out;

    private CopyRows(int rows) {
        this.out = ByteBuffer.allocate(HEADER_BYTES + TRAILER_BYTES + rows * START_BYTES_PER_ROW);
    }

    static byte[] encode(List<RatedRecord> records) {
        CopyRows rows = new CopyRows(records.size());
        rows.out.put(SIGNATURE).putInt(0).putInt(0);
        records.forEach(rows::putRow);
        rows.reserve(TRAILER_BYTES);
        rows.out.putShort((short) -1).flip();
        byte[] bytes = new byte[rows.out.remaining()];
        rows.out.get(bytes);
        return bytes;
    }

    private void putRow(RatedRecord rated) {
        InvocationRecord invocation = rated.record();
        reserve(ROW_BYTES_MAX);
        out.putShort(COLUMN_COUNT);
        putDay(IdDay.of(invocation.invocationId(), invocation.receivedAtMicros()));
        putUuid(invocation.invocationId());
        putLong(invocation.receivedAtMicros() - EPOCH_MICROS);
        putText(invocation.account());
        putText(invocation.revision().namespace());
        putText(invocation.service());
        putText(invocation.revision().name());
        putText(invocation.instanceId());
        putText(invocation.nodeId());
        putText(invocation.method());
        putShort(invocation.status());
        putShort(invocation.outcome().wireCode());
        putLong(invocation.queueMicros());
        putLong(invocation.startMicros());
        putLong(invocation.appMicros());
        putBoolean(invocation.coldStart());
        putLong(invocation.billedMillis());
        putLong(invocation.cpuMicros());
        putBoolean(invocation.cpuApportioned());
        putLong(invocation.memoryBytes());
        putLong(invocation.memoryPeakBytes());
        putLong(invocation.bytesIn());
        putLong(invocation.bytesOut());
        out.putInt(4).putInt(invocation.priceVersion());
        putLong(invocation.costPicos());
        putShort(rated.state().storedCode());
    }

    private void reserve(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(out.capacity() * 2 + bytes).put(out.flip());
        }
    }

    private void putDay(LocalDate day) {
        out.putInt(4).putInt((int) (day.toEpochDay() - EPOCH_DAYS));
    }

    private void putUuid(UUID id) {
        out.putInt(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void putLong(long value) {
        out.putInt(8).putLong(value);
    }

    private void putShort(int value) {
        out.putInt(2).putShort((short) value);
    }

    private void putBoolean(boolean value) {
        out.putInt(1).put((byte) (value ? 1 : 0));
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(bytes.length).put(bytes);
    }
}
