package dev.wisp.billing.label;

import dev.wisp.billing.ledger.Chain;
import dev.wisp.billing.ledger.ChainContent;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of labels: sets as they were first heard of, each in a link of its namespace's chain, and what questions read, made from them. What is
 * known of a revision stays; another one of its name counts from the day after it was heard of, so that no day that has begun changes.
 */
public final class LabelRows {

    /** The bytes of a row of {@code label_set} that its link covers. */
    public static final String BYTES =
            "record_send(ROW(namespace, revision, service_uid, labels::text, counts_from, batch))";

    /** In which rows of a link are covered. */
    public static final String ORDER = "revision COLLATE \"C\", service_uid COLLATE \"C\"";

    /** SHA-256 over the SHA-256s of rows. */
    public static final String DIGEST = "sha256(string_agg(sha256(%s), ''::bytea ORDER BY %s))".formatted(BYTES, ORDER);

    /** What {@code revision_label} is, from the sets: of two that count from the same day the one that was heard of last. */
    public static final String RECOMPUTED = """
            SELECT namespace, revision, label.key AS name, label.value, counts_from, counts_until
            FROM (SELECT namespace, revision, labels, counts_from::timestamp AT TIME ZONE 'UTC' AS counts_from,
                coalesce(lead(counts_from) OVER (PARTITION BY namespace, revision ORDER BY counts_from, batch)::timestamp AT TIME ZONE 'UTC',
                  'infinity') AS counts_until
              FROM billing.label_set) AS counted
            CROSS JOIN LATERAL jsonb_each_text(labels) AS label
            WHERE counts_from < counts_until
            """;

    private static final String KNOWN =
            "SELECT 1 FROM billing.label_set WHERE namespace = ? AND revision = ? AND service_uid = ?";

    /** One at a time, so that the days of two of one name follow each other. */
    private static final String LOCK = "LOCK TABLE billing.label_set IN SHARE ROW EXCLUSIVE MODE";

    private static final String BEGIN = "SELECT nextval('billing.batch'), now()";

    /** Labels of before services were told apart are those of the next revision of that name, when it has the same: they count on. */
    private static final String ADD = """
            INSERT INTO billing.label_set (namespace, revision, service_uid, labels, counts_from, batch)
            SELECT new.namespace, new.revision, ?, new.labels,
              CASE WHEN last.day IS NULL THEN ?::date
                WHEN EXISTS (SELECT FROM billing.label_set AS known WHERE known.namespace = new.namespace
                  AND known.revision = new.revision AND known.service_uid = '' AND known.labels = new.labels
                  AND known.counts_from = last.day) THEN last.day
                ELSE greatest(last.day, (now() AT TIME ZONE 'UTC')::date + 1) END, ?
            FROM (VALUES (?, ?, ?::jsonb)) AS new (namespace, revision, labels)
            CROSS JOIN LATERAL (SELECT max(counts_from) AS day FROM billing.label_set AS known
              WHERE known.namespace = new.namespace AND known.revision = new.revision) AS last
            ON CONFLICT DO NOTHING
            RETURNING counts_from
            """;

    private static final String END_BEFORE = """
            UPDATE billing.revision_label SET counts_until = ?::date::timestamp AT TIME ZONE 'UTC'
            WHERE namespace = ? AND revision = ? AND counts_until = 'infinity'
            """;

    /** Of one that counted for no day. */
    private static final String DROP_EMPTY =
            "DELETE FROM billing.revision_label WHERE namespace = ? AND revision = ? AND counts_from = counts_until";

    private static final String COUNT = """
            INSERT INTO billing.revision_label (namespace, revision, name, value, counts_from, counts_until)
            SELECT ?, ?, key, value, ?::date::timestamp AT TIME ZONE 'UTC', 'infinity' FROM jsonb_each_text(?::jsonb)
            """;

    private static final String ADDED = """
            SELECT namespace, count(*), %s FROM billing.label_set WHERE batch = ? GROUP BY namespace ORDER BY namespace
            """.formatted(DIGEST);

    private LabelRows() {}

    /**
     * A condition: a label counts at this time.
     *
     * @param label a row of {@code revision_label}, as the statement calls it
     * @param time a column or expression
     */
    public static String counts(String label, String time) {
        return "%2$s >= %1$s.counts_from AND %2$s < %1$s.counts_until".formatted(label, time);
    }

    /**
     * Stores those that are not known, at most one of each name: the rest of a name has to wait for the next call.
     *
     * @return those that are in the table now
     */
    public static List<LabelSet> put(Connection connection, Collection<LabelSet> sets) throws SQLException {
        List<LabelSet> done = new ArrayList<>();
        List<LabelSet> unknown = new ArrayList<>();
        Set<RevisionId> names = new HashSet<>();
        for (LabelSet set : sets) {
            if (isKnown(connection, set)) {
                done.add(set);
            } else if (names.add(set.revision())) {
                unknown.add(set);
            }
        }
        if (!unknown.isEmpty()) {
            add(connection, unknown);
            done.addAll(unknown);
        }
        return done;
    }

    private static boolean isKnown(Connection connection, LabelSet set) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            name(select, 1, set);
            select.setString(3, set.serviceUid());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void add(Connection connection, List<LabelSet> sets) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            try (ResultSet row = statement.executeQuery(BEGIN)) {
                row.next();
                long batch = row.getLong(1);
                Instant at = row.getObject(2, OffsetDateTime.class).toInstant();
                for (LabelSet set : sets) {
                    add(connection, set, batch);
                }
                Chain.link(connection, added(connection, batch), at);
            }
        }
    }

    private static void add(Connection connection, LabelSet set, long batch) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setString(1, set.serviceUid());
            add.setObject(2, set.madeOn());
            add.setLong(3, batch);
            name(add, 4, set);
            add.setString(6, json(set));
            try (ResultSet row = add.executeQuery()) {
                if (row.next()) {
                    count(connection, set, row.getObject(1, LocalDate.class));
                }
            }
        }
    }

    private static void count(Connection connection, LabelSet set, LocalDate from) throws SQLException {
        try (PreparedStatement end = connection.prepareStatement(END_BEFORE);
                PreparedStatement drop = connection.prepareStatement(DROP_EMPTY);
                PreparedStatement count = connection.prepareStatement(COUNT)) {
            end.setObject(1, from);
            name(end, 2, set);
            end.executeUpdate();
            name(drop, 1, set);
            drop.executeUpdate();
            name(count, 1, set);
            count.setObject(3, from);
            count.setString(4, json(set));
            count.executeUpdate();
        }
    }

    private static List<ChainContent> added(Connection connection, long batch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ADDED)) {
            select.setLong(1, batch);
            try (ResultSet row = select.executeQuery()) {
                List<ChainContent> contents = new ArrayList<>();
                while (row.next()) {
                    contents.add(new ChainContent(
                            row.getString(1),
                            ChainKind.LABELS,
                            ChainContent.NO_DAY,
                            batch,
                            row.getLong(2),
                            row.getBytes(3)));
                }
                return contents;
            }
        }
    }

    private static void name(PreparedStatement statement, int at, LabelSet set) throws SQLException {
        statement.setString(at, set.revision().namespace());
        statement.setString(at + 1, set.revision().name());
    }

    private static String json(LabelSet set) {
        return new String(WireJson.write(set.labels()), StandardCharsets.UTF_8);
    }
}
