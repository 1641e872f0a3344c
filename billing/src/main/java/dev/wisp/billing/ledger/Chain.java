package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds links to the chains of the namespaces, in the transaction that stores what they cover. */
public final class Chain {

    private static final String LOCK_HEADS =
            "SELECT namespace, seq, hash FROM billing.chain_head WHERE namespace = ANY (?) ORDER BY namespace FOR UPDATE";

    /** A namespace's first link has no row to lock; of two that make it at once, the key lets one through. */
    private static final String MOVE_HEAD = """
            INSERT INTO billing.chain_head (namespace, seq, hash) VALUES (?, ?, ?)
            ON CONFLICT (namespace) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
            """;

    private static final String LINK = """
            INSERT INTO billing.chain (namespace, seq, kind, id_day, content, row_count, digest, linked_at, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    @SuppressWarnings("ArrayRecordComponent") // Lives as long as one call and is never compared.
    private record Head(long seq, byte[] hash) {}

    private Chain() {}

    /**
     * Links what was stored, in the order given.
     *
     * @param connection with the transaction in which the rows were stored
     * @param at the moment of the links
     */
    public static void link(Connection connection, List<ChainContent> contents, Instant at) throws SQLException {
        if (!contents.isEmpty()) {
            // Postgres keeps microseconds and rounds to them; the hash has to cover what it keeps.
            linkAt(connection, contents, at.truncatedTo(ChronoUnit.MICROS));
        }
    }

    private static void linkAt(Connection connection, List<ChainContent> contents, Instant at) throws SQLException {
        Map<String, Head> heads = lockHeads(connection, contents);
        try (PreparedStatement link = connection.prepareStatement(LINK)) {
            for (ChainContent content : contents) {
                Head before = heads.getOrDefault(content.namespace(), new Head(0, ChainHash.none()));
                Head head = next(before, content, at);
                addLink(link, content, head, at);
                heads.put(content.namespace(), head);
            }
            link.executeBatch();
        }
        moveHeads(connection, heads);
    }

    private static Head next(Head before, ChainContent content, Instant at) {
        long seq = before.seq() + 1;
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
        return new Head(seq, ChainHash.of(before.hash(), content, seq, micros));
    }

    private static Map<String, Head> lockHeads(Connection connection, List<ChainContent> contents) throws SQLException {
        List<String> namespaces =
                contents.stream().map(ChainContent::namespace).distinct().toList();
        try (PreparedStatement select = connection.prepareStatement(LOCK_HEADS)) {
            ArrayColumns.set(select, 1, "text", namespaces, namespace -> namespace);
            try (ResultSet rows = select.executeQuery()) {
                Map<String, Head> heads = new HashMap<>();
                while (rows.next()) {
                    heads.put(rows.getString(1), new Head(rows.getLong(2), rows.getBytes(3)));
                }
                return heads;
            }
        }
    }

    private static void addLink(PreparedStatement link, ChainContent content, Head head, Instant at)
            throws SQLException {
        link.setString(1, content.namespace());
        link.setLong(2, head.seq());
        link.setShort(3, content.kind().storedCode());
        link.setObject(4, content.day());
        link.setLong(5, content.content());
        link.setLong(6, content.rows());
        link.setBytes(7, content.digest());
        link.setObject(8, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
        link.setBytes(9, head.hash());
        link.addBatch();
    }

    private static void moveHeads(Connection connection, Map<String, Head> heads) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE_HEAD)) {
            for (Map.Entry<String, Head> entry : heads.entrySet()) {
                move.setString(1, entry.getKey());
                move.setLong(2, entry.getValue().seq());
                move.setBytes(3, entry.getValue().hash());
                move.addBatch();
            }
            move.executeBatch();
        }
    }
}
