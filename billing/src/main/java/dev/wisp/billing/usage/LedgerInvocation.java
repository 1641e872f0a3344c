package dev.wisp.billing.usage;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A row of the ledger as Hibernate reads it; written by the ingest alone. */
@Entity
@Immutable
@Table(schema = "billing", name = "invocation")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields of what it reads, and no column is nullable.
public class LedgerInvocation {

    @EmbeddedId
    InvocationKey key;

    @Column(name = "received_at")
    Instant receivedAt;

    String account;
    String namespace;
    String service;
    String revision;

    @Column(name = "instance_id")
    String instanceId;

    @Column(name = "node_id")
    String nodeId;

    String method;
    short status;
    short outcome;

    @Column(name = "queue_us")
    long queueMicros;

    @Column(name = "start_us")
    long startMicros;

    @Column(name = "app_us")
    long appMicros;

    @Column(name = "cold_start")
    boolean coldStart;

    @Column(name = "billed_ms")
    long billedMillis;

    @Column(name = "cpu_us")
    long cpuMicros;

    @Column(name = "cpu_apportioned")
    boolean cpuApportioned;

    @Column(name = "memory_bytes")
    long memoryBytes;

    @Column(name = "memory_peak_bytes")
    long memoryPeakBytes;

    @Column(name = "bytes_in")
    long bytesIn;

    @Column(name = "bytes_out")
    long bytesOut;

    @Column(name = "price_version")
    int priceVersion;

    @Column(name = "cost_picos")
    long costPicos;

    short rating;

    @Column(name = "start_parts")
    String startParts;

    @Column(name = "cpu_millicores")
    int cpuMillicores;

    short trigger;
    short attempt;

    @Column(name = "service_uid")
    UUID serviceUid;

    /** Reads a row of {@link RecordSql}. */
    static LedgerInvocation of(Object[] row) {
        LedgerInvocation read = new LedgerInvocation();
        read.key = new InvocationKey(LocalDate.parse((String) row[0]), UUID.fromString((String) row[1]));
        read.receivedAt = Instant.EPOCH.plus(number(row[2]), ChronoUnit.MICROS);
        read.account = (String) row[3];
        read.namespace = (String) row[4];
        read.service = (String) row[5];
        read.revision = (String) row[6];
        read.instanceId = (String) row[7];
        read.nodeId = (String) row[8];
        read.method = (String) row[9];
        read.status = (short) number(row[10]);
        read.outcome = (short) number(row[11]);
        read.queueMicros = number(row[12]);
        read.startMicros = number(row[13]);
        read.appMicros = number(row[14]);
        read.coldStart = (Boolean) row[15];
        read.billedMillis = number(row[16]);
        read.cpuMicros = number(row[17]);
        read.cpuApportioned = (Boolean) row[18];
        read.memoryBytes = number(row[19]);
        read.memoryPeakBytes = number(row[20]);
        read.bytesIn = number(row[21]);
        read.bytesOut = number(row[22]);
        read.priceVersion = (int) number(row[23]);
        read.costPicos = number(row[24]);
        read.rating = (short) number(row[25]);
        read.startParts = (String) row[26];
        read.cpuMillicores = (int) number(row[27]);
        read.trigger = (short) number(row[28]);
        read.attempt = (short) number(row[29]);
        read.serviceUid = UUID.fromString((String) row[30]);
        return read;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
