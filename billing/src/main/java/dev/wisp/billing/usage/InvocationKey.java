package dev.wisp.billing.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.LocalDate;
import java.util.UUID;

/** Key of a stored invocation; within a day, ids of gateways sort by time. */
@Embeddable
public record InvocationKey(
        @Column(name = "id_day") LocalDate day,
        @Column(name = "invocation_id") UUID id) {}
