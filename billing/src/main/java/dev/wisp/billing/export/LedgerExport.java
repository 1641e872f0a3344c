package dev.wisp.billing.export;

import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.ledger.ChainHash;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.InstanceTimes;
import dev.wisp.billing.ledger.LedgerSnapshot;
import dev.wisp.billing.ledger.LedgerSql;
import dev.wisp.billing.ledger.PriceBookDigest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;

/**
 * The ledger of one namespace as a text that its owner can check without this program, the database, or trust in either: every link of its chain and
 * of the chain of prices, every record as the bytes that its link covers, and the sums that bills are made of. {@code docs/verifier.md} has the
 * format. Read in one snapshot and written as it is read.
 */
public final class LedgerExport {

    /** Another one for each line, column or kind of link that is added: whoever reads it knows by it whether it can. */
    static final int FORMAT = 3;

    static final String FIRST_LINE = "wisp-ledger-export " + FORMAT;

    private static final int FETCH = 5_000;

    private static final String LINKS = """
            SELECT seq, kind, id_day - date '1970-01-01', content, row_count, digest,
              (extract(epoch FROM linked_at) * 1000000)::bigint, hash
            FROM billing.chain WHERE namespace = ? ORDER BY seq
            """;

    private static final String HEAD = "SELECT seq, hash FROM billing.chain_head WHERE namespace = ?";

    private static final String DAYS =
            """
            SELECT DISTINCT id_day FROM billing.chain WHERE namespace = ? AND kind IN (%d, %d) ORDER BY id_day
            """.formatted(ChainKind.INVOCATIONS.storedCode(), ChainKind.INSTANCE_TIME.storedCode());

    private static final String IS_GONE = "SELECT 1 FROM billing.retired_day WHERE id_day = ?";

    private static final String LABELS = "SELECT batch, " + LabelRows.BYTES
            + " FROM billing.label_set WHERE namespace = ? ORDER BY batch, " + LabelRows.ORDER;
    private static final String RECORDS = "SELECT batch, " + LedgerSql.bytes()
            + " FROM billing.invocation WHERE namespace = ? AND id_day = ? ORDER BY batch, invocation_id";

    private static final String TIMES = "SELECT batch, " + InstanceTimes.bytes()
            + " FROM billing.instance_time WHERE namespace = ? AND id_day = ? ORDER BY batch, time_id";

    private static final String PRICES = "SELECT r.version, %s FROM billing.price_book AS r ORDER BY r.version"
            .formatted(PriceBookDigest.bytes("r"));

    private static final String CORRECTIONS =
            "SELECT r.number, %s FROM billing.correction AS r WHERE r.namespace = ? ORDER BY r.number"
                    .formatted(Corrections.bytes("r"));

    /**
     * Of calls and corrections, which whoever reads the export has too: not of days on which instances only waited. The last sum is left out where
     * there is none, as in exports of before there was such a one.
     */
    private static final String TOTALS = """
            SELECT service, to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD'), price_version, sum(invocations), sum(billed_ms),
              sum(cpu_us), sum(memory_byte_ms), sum(bytes_out), sum(cost_picos), nullif(sum(vcpu_millicore_ms), 0)
            FROM billing.usage_day WHERE namespace = ? AND (invocations <> 0 OR queue_us + start_us + app_us > 0
              OR (idle_millicore_us, idle_memory_byte_us, frozen_memory_byte_us) = (0, 0, 0))
            GROUP BY service, bucket, price_version ORDER BY service COLLATE "C", bucket, price_version
            """;

    private final Connection connection;
    private final String namespace;
    private final Writer out;
    private final MessageDigest whole = ChainHash.sha256();
    private long lines;

    private LedgerExport(Connection connection, String namespace, Writer out) {
        this.connection = connection;
        this.namespace = namespace;
        this.out = out;
    }

    /** Writes the whole export, and leaves the stream open; what was written without its last line is no export. */
    public static void write(DataSource dataSource, String namespace, OutputStream stream)
            throws SQLException, IOException {
        LedgerSnapshot.<Boolean, IOException>ask(dataSource, connection -> {
            inTransaction(connection, namespace, stream);
            return true;
        });
    }

    /** As this transaction sees the ledger. */
    public static void inTransaction(Connection connection, String namespace, OutputStream stream)
            throws SQLException, IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        new LedgerExport(connection, namespace, out).write();
        out.flush();
    }

    private void write() throws SQLException, IOException {
        line(FIRST_LINE);
        chain("");
        rows("price", PRICES, List.of());
        rows("correction", CORRECTIONS, List.of(namespace));
        chain(namespace);
        rows("labels", LABELS, List.of(namespace));
        for (LocalDate day : days()) {
            records(day);
        }
        totals();
        line("end %d %s".formatted(lines, hex(whole.digest())));
    }

    private void chain(String name) throws SQLException, IOException {
        line("chain " + name);
        try (PreparedStatement links = prepared(LINKS, name);
                ResultSet row = links.executeQuery()) {
            while (row.next()) {
                line("link %d %d %d %d %d %s %d %s"
                        .formatted(
                                row.getLong(1),
                                row.getInt(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                hex(row.getBytes(6)),
                                row.getLong(7),
                                hex(row.getBytes(8))));
            }
        }
        try (PreparedStatement head = prepared(HEAD, name);
                ResultSet row = head.executeQuery()) {
            line(row.next() ? "head %d %s".formatted(row.getLong(1), hex(row.getBytes(2))) : "head 0 ");
        }
    }

    /** Rows with a link of their own, by number, or with one a batch, by batch: and their bytes. */
    private void rows(String word, String sql, List<String> parameters) throws SQLException, IOException {
        try (PreparedStatement select = prepared(sql, parameters.toArray(String[]::new));
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                line("%s %d %s".formatted(word, row.getLong(1), base64(row.getBytes(2))));
            }
        }
    }

    private List<LocalDate> days() throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement select = prepared(DAYS, namespace);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                days.add(row.getObject(1, LocalDate.class));
            }
        }
        return days;
    }

    private void records(LocalDate day) throws SQLException, IOException {
        if (isGone(day)) {
            line("gone " + day.toEpochDay());
            return;
        }
        records("record", RECORDS, day);
        records("time", TIMES, day);
    }

    private void records(String word, String sql, LocalDate day) throws SQLException, IOException {
        try (PreparedStatement select = prepared(sql, namespace)) {
            select.setObject(2, day);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    line(word + " %d %d %s".formatted(day.toEpochDay(), row.getLong(1), base64(row.getBytes(2))));
                }
            }
        }
    }

    private boolean isGone(LocalDate day) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_GONE)) {
            select.setObject(1, day);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private void totals() throws SQLException, IOException {
        try (PreparedStatement select = prepared(TOTALS, namespace);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                StringBuilder text = new StringBuilder("total");
                for (int column = 1; column <= 10; column++) {
                    String value = row.getString(column);
                    text.append(value == null ? "" : " " + value);
                }
                line(text.toString());
            }
        }
    }

    private PreparedStatement prepared(String sql, String... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(FETCH);
        for (int at = 0; at < parameters.length; at++) {
            statement.setString(at + 1, parameters[at]);
        }
        return statement;
    }

    private void line(String text) throws IOException {
        String written = text + '\n';
        out.write(written);
        whole.update(written.getBytes(StandardCharsets.UTF_8));
        lines++;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
