package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private Arrivals() {}

    /** On a connection that commits by itself. */
    static Map<UUID, Instant> note(Connection connection, Map<UUID, Long> said, Instant now) throws SQLException {
        List<Map.Entry<UUID, Long>> entries = List.copyOf(said.entrySet());
        Object[] ids = entries.stream().map(Map.Entry::getKey).toArray();
        Object[] times = entries.stream().map(Map.Entry::getValue).toArray();
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            insert.setObject(1, now.atOffset(ZoneOffset.UTC));
            insert.setArray(2, connection.createArrayOf("uuid", ids));
            insert.setArray(3, connection.createArrayOf("bigint", times));
            insert.executeUpdate();
        }
        Map<UUID, Instant> arrivals = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setArray(1, connection.createArrayOf("uuid", ids));
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
}
