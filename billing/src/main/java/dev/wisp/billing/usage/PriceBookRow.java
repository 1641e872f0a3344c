package dev.wisp.billing.usage;

import dev.wisp.contracts.price.PriceBook;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A version of the prices as Hibernate reads it. */
@Entity
@Immutable
@Table(schema = "billing", name = "price_book")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields of what it reads, and no column is nullable.
public class PriceBookRow {

    @Id
    int version;

    String currency;

    @Column(name = "effective_from")
    Instant effectiveFrom;

    @Column(name = "per_request_picos")
    long perRequestPicos;

    @Column(name = "per_cpu_second_picos")
    long perCpuSecondPicos;

    @Column(name = "per_vcpu_second_picos")
    long perVcpuSecondPicos;

    @Column(name = "per_gib_second_picos")
    long perGibSecondPicos;

    @Column(name = "per_egress_gb_picos")
    long perEgressGbPicos;

    @Column(name = "increment_millis")
    long incrementMillis;

    @Column(name = "start_billed")
    boolean startBilled;

    PriceBook toPriceBook() {
        return new PriceBook(
                version,
                currency,
                effectiveFrom,
                perRequestPicos,
                perCpuSecondPicos,
                perVcpuSecondPicos,
                perGibSecondPicos,
                perEgressGbPicos,
                incrementMillis,
                startBilled);
    }
}
