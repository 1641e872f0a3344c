package dev.wisp.billing.usage;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
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
}
