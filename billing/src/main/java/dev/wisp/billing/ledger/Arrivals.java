package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** When records arrived first that are dated by it; a record that is read again gets the date it got before, and so meets itself. */
final class Arrivals {

    private static final String NOTE = """
            WITH came AS (
              INSERT INTO billing.redated (said_id, said_at_us, arrived_at)
              SELECT said.id, said.at, ? FROM unnest(?::uuid[], ?::bigint[]) AS said (id, at)
              ON CONFLICT DO NOTHING RETURNING *)
            """ + Seal.REDATED.add("came");

    private static final String FIND = "SELECT said_id, arrived_at FROM billing.redated WHERE said_id = ANY (?)";

    private static final String SAID_MINUTES =
            "SELECT DISTINCT said_at_us / %d FROM billing.redated".formatted(Ledger.MICROS_PER_MINUTE);

    private Arrivals() {}

    /** On a connection that commits by itself. */
    static Map<UUID, Instant> note(Connection connection, Map<UUID, Long> said, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            insert.setObject(1, now.atOffset(ZoneOffset.UTC));
            ArrayColumns.set(insert, 2, "uuid", said.entrySet(), Map.Entry::getKey);
            ArrayColumns.set(insert, 3, "bigint", said.entrySet(), Map.Entry::getValue);
            insert.executeUpdate();
        }
        return find(connection, said.keySet());
    }

    static Map<UUID, Instant> find(Connection connection, Collection<UUID> ids) throws SQLException {
        Map<UUID, Instant> arrivals = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            ArrayColumns.set(select, 1, "uuid", ids, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    arrivals.put(
                            row.getObject(1, UUID.class),
                            row.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
        }
        return arrivals;
    }

    static Set<Long> saidMinutes(Connection connection) throws SQLException {
        Set<Long> minutes = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SAID_MINUTES)) {
            while (row.next()) {
                minutes.add(row.getLong(1));
            }
        }
        return minutes;
    }
}
