package dev.wisp.controller.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row of an {@link OutboxMessage}. */
@Entity(name = "ControllerOutbox")
@Table(schema = "controller", name = "outbox")
class OutboxEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    String topic;
    String key;

    @Nullable
    String value;

    @Column(name = "sent_at")
    @Nullable
    Instant sentAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    OutboxEntity() {}

    static OutboxEntity of(OutboxMessage message) {
        OutboxEntity entity = new OutboxEntity();
        entity.topic = message.topic();
        entity.key = message.key();
        entity.value = message.value();
        return entity;
    }

    OutboxMessage read() {
        return new OutboxMessage(topic, key, value);
    }
}
