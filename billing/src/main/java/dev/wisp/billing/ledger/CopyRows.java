package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Records in Postgres' binary COPY format: a header, per row a column count and per column a length and big-endian bytes, then a
 * trailer. Binary because the server then parses nothing: about twice the rows a second of text.
 */
final class CopyRows {

    /** The columns that a row had at first, in the order in which {@link #putColumns} writes them; a link of the chain covers them always. */
    static final String COLUMNS =
            "id_day, invocation_id, received_at, account, namespace, service, revision, instance_id,"
                    + " node_id, method, status, outcome, queue_us, start_us, app_us, cold_start, billed_ms, cpu_us,"
                    + " cpu_apportioned, memory_bytes, memory_peak_bytes, bytes_in, bytes_out, price_version, cost_picos, rating, batch";

    /** With the first one that was added. */
    static final String COLUMNS_WITH_PARTS = COLUMNS + ", start_parts";

    /** With the second. */
    static final String COLUMNS_WITH_LIMIT = COLUMNS_WITH_PARTS + ", cpu_millicores";

    /** All of them: the last three came together. A link covers those that were added up to the last ones with something in them. */
    static final String STORED = COLUMNS_WITH_LIMIT + ", trigger, attempt, service_uid";

    private static final short COLUMN_COUNT = 27;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int HEADER_BYTES = SIGNATURE.length + 8;
    private static final int TRAILER_BYTES = 2;
    private static final int ADDED = 5;

    /** 23 fixed columns with type and length, and nine texts of at most 255 bytes with theirs, rounded up. */
    private static final int ROW_BYTES_MAX = 4 + 23 * 24 + 9 * (255 + 8);

    private static final int START_BYTES_PER_ROW = 400;

    /** Postgres counts from 2000-01-01. */
    private static final long EPOCH_DAYS = LocalDate.of(2000, 1, 1).toEpochDay();

    private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

    private static final int DATE = 1082;
    private static final int UUID_TYPE = 2950;
    private static final int TIMESTAMPTZ = 1184;
    private static final int TEXT = 25;
    private static final int INT2 = 21;
    private static final int INT4 = 23;
    private static final int INT8 = 20;
    private static final int BOOL = 16;

    private final long batch;
    /** Whether each column begins with its type, as where Postgres sends a row as one value. */
    private final boolean typed;

    private ByteBuffer out;

    private CopyRows(long batch, boolean typed, int bytes) {
        this.batch = batch;
        this.typed = typed;
        this.out = ByteBuffer.allocate(bytes);
    }

    /** What COPY reads. */
    static byte[] encode(List<RatedRecord> records, long batch) {
        CopyRows rows = new CopyRows(batch, false, HEADER_BYTES + TRAILER_BYTES + records.size() * START_BYTES_PER_ROW);
        rows.out.put(SIGNATURE).putInt(0).putInt(0);
        for (RatedRecord rated : records) {
            rows.reserve(ROW_BYTES_MAX);
            rows.out.putShort((short) (COLUMN_COUNT + ADDED));
            rows.putColumns(rated);
            rows.putAdded(rated.record(), ADDED);
        }
        rows.reserve(TRAILER_BYTES);
        rows.out.putShort((short) -1).flip();
        byte[] bytes = new byte[rows.out.remaining()];
        rows.out.get(bytes);
        return bytes;
    }

    /** SHA-256 of each row as Postgres' {@code record_send} writes it, in the order given; {@link LedgerSql#digest} is the same. */
    static List<byte[]> hashes(List<RatedRecord> records, long batch) {
        CopyRows row = new CopyRows(batch, true, ROW_BYTES_MAX);
        MessageDigest sha256 = ChainHash.sha256();
        List<byte[]> hashes = new ArrayList<>(records.size());
        for (RatedRecord rated : records) {
            row.out.clear();
            row.putCovered(rated);
            sha256.update(row.out.flip());
            hashes.add(sha256.digest());
        }
        return hashes;
    }

    /** A row with nothing in the columns that were added has the bytes of before there were any, and so do the links that cover it. */
    private void putCovered(RatedRecord rated) {
        int added = added(rated.record());
        out.putInt(COLUMN_COUNT + added);
        putColumns(rated);
        putAdded(rated.record(), added);
    }

    /** How many of the columns that were added are covered. */
    private static int added(InvocationRecord invocation) {
        if (!invocation.origin().equals(Origin.UNKNOWN)) {
            return ADDED;
        }
        if (invocation.cpuMillicores() > 0) {
            return 2;
        }
        return invocation.startParts().isEmpty() ? 0 : 1;
    }

    private void putAdded(InvocationRecord invocation, int columns) {
        if (columns > 0) {
            putText(invocation.startParts().text());
        }
        if (columns > 1) {
            begin(INT4, 4).putInt(invocation.cpuMillicores());
        }
        if (columns > 2) {
            putShort(invocation.origin().trigger().wireCode());
            putShort(invocation.origin().attempt());
            putUuid(invocation.origin().serviceUid());
        }
    }

    private void putColumns(RatedRecord rated) {
        InvocationRecord invocation = rated.record();
        putDay(IdDay.of(invocation.invocationId(), invocation.receivedAtMicros()));
        putUuid(invocation.invocationId());
        begin(TIMESTAMPTZ, 8).putLong(invocation.receivedAtMicros() - EPOCH_MICROS);
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
        begin(INT4, 4).putInt(invocation.priceVersion());
        putLong(invocation.costPicos());
        putShort(rated.state().storedCode());
        putLong(batch);
    }

    private void reserve(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(out.capacity() * 2 + bytes).put(out.flip());
        }
    }

    private void putDay(LocalDate day) {
        begin(DATE, 4).putInt((int) (day.toEpochDay() - EPOCH_DAYS));
    }

    private void putUuid(UUID id) {
        begin(UUID_TYPE, 16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void putLong(long value) {
        begin(INT8, 8).putLong(value);
    }

    private void putShort(int value) {
        begin(INT2, 2).putShort((short) value);
    }

    private void putBoolean(boolean value) {
        begin(BOOL, 1).put((byte) (value ? 1 : 0));
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        begin(TEXT, bytes.length).put(bytes);
    }

    private ByteBuffer begin(int type, int length) {
        return (typed ? out.putInt(type) : out).putInt(length);
    }
}
