package dev.wisp.billing.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.Invocations;
import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.invoice.InvoiceTerms;
import dev.wisp.billing.invoice.Invoices;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A ledger that an earlier version wrote, brought to the newest schema, verified, and written on in. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LedgerUpgradeIT {

    private static final LocalDate SEPTEMBER = LocalDate.of(2024, 9, 1);
    private static final LocalDate OCTOBER = LocalDate.of(2024, 10, 1);
    private static final Instant NOVEMBER = Instant.parse("2024-11-01T08:00:00Z");

    private static LedgerDatabase database;

    @BeforeAll
    static void upgrade() throws Exception {
        database = LedgerDatabase.createAt("2.10");
        try (InputStream ledger = LedgerUpgradeIT.class.getResourceAsStream("/ledger-v2_10.sql")) {
            database.execute(new String(Objects.requireNonNull(ledger).readAllBytes(), StandardCharsets.UTF_8));
        }
        database.migrate();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Test
    @Order(1)
    void whatAnEarlierVersionWroteVerifiesClean() throws SQLException {
        VerificationReport report = Verification.run(database.dataSource(), NOVEMBER);

        assertThat(report.finding()).isNull();
        assertThat(report.checks()).hasSize(24);
        assertThat(database.number("SELECT count(*) FROM billing.invocation")).isEqualByComparingTo("60");
        assertThat(database.number("SELECT sum(requests) FROM billing.billed_day"))
                .isEqualByComparingTo("54");
        assertThat(database.number("SELECT sum(idle_memory_byte_us) FROM billing.billed_day"))
                .isEqualByComparingTo("2415919104000000");
        assertThat(counted(ChainCut.NONE)).isEqualTo(40);
        assertThat(counted(cut(2))).isEqualTo(40);
    }

    @Test
    @Order(2)
    void whatIsChangedInItIsFound() throws SQLException {
        assertThat(findingAfter("UPDATE billing.invocation SET bytes_in = 8 WHERE id_day = '2024-09-20'"))
                .startsWith("records of namespace 'default' on 2024-09-20")
                .endsWith("at least one was changed");
        assertThat(findingAfter("UPDATE billing.correction SET reason = 'because'"))
                .isEqualTo("correction 1: it was changed");
        assertThat(findingAfter("UPDATE billing.usage_minute SET cost_picos = 0 WHERE bucket < '2024-08-11'"))
                .isEqualTo("sums by minute of 2024-08-10: not those that were sealed when records were dropped");
        assertThat(findingAfter("UPDATE billing.invoice SET document = replace(document, '0.43', '0.34')"))
                .isEqualTo("invoice 2: it was changed");
    }

    /** Late records of a month that the earlier version invoiced, a call of it that is taken back, and the next invoice. */
    @Test
    @Order(3)
    void itIsWrittenOnInAndStaysClean() throws SQLException {
        LedgerWrites writes = new LedgerWrites(database.dataSource());
        Ledger ledger = new Ledger(database.dataSource());
        ledger.offsets("wisp.invocations", Set.of(0));
        SplittableRandom random = new SplittableRandom(5);
        List<RatedRecord> late = IntStream.range(0, 8)
                .mapToObj(i -> Invocations.success(
                        Instant.parse("2024-09-20T20:00:00Z").plusSeconds(i), "hello", random))
                .map(record -> rated(ledger, record))
                .toList();
        ledger.append(new LedgerBatch("wisp.invocations", Map.of(0, 0L), Map.of(0, 8L), late, List.of()));
        UUID old = writes.run(LedgerUpgradeIT::id);
        writes.run(connection -> Corrections.file(connection, old, "twice", Instant.parse("2024-10-30T00:00:00Z")));

        InvoiceDocument invoice =
                writes.run(connection -> new Invoices(new InvoiceTerms(1_900)).issue(connection, OCTOBER, NOVEMBER));

        assertThat(invoice.number()).isEqualTo(4);
        assertThat(invoice.links()).containsOnlyKeys("default", "shop");
        assertThat(invoice.lines())
                .extracting(InvoiceDocument.Line::category)
                .contains(Category.USAGE, Category.CORRECTION, Category.CREDIT, Category.TAX);
        assertThat(counted(cut(2))).as("cut by its time").isEqualTo(40);
        assertThat(counted(cut(4))).as("cut by its links").isEqualTo(48);
        assertThat(Verification.run(database.dataSource(), NOVEMBER).finding()).isNull();
    }

    private static RatedRecord rated(Ledger ledger, InvocationRecord record) {
        try {
            return ReRatingPolicy.rate(ledger.priceBooks(), record);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a call that was not taken back yet. */
    private static UUID id(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT invocation_id FROM billing.invocation"
                        + " WHERE id_day = '2024-10-05' AND outcome = 0 ORDER BY invocation_id DESC LIMIT 1");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    private static ChainCut cut(int invoice) throws SQLException {
        return new LedgerWrites(database.dataSource())
                .run(Invoices::documents)
                .get(invoice - 1)
                .document()
                .cut();
    }

    /** Records of September. */
    private static long counted(ChainCut cut) throws SQLException {
        String sql = "WITH %s SELECT count(*) FROM billing.invocation WHERE %s"
                .formatted(ChainCut.LATER, AccountMonth.counted("invocation", ChainKind.INVOCATIONS, "received_at"));
        return new LedgerWrites(database.dataSource()).run(connection -> {
            try (PreparedStatement select = new AccountMonth("default", SEPTEMBER, cut).prepare(connection, sql);
                    ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static String findingAfter(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            String finding = Verification.inTransaction(connection, NOVEMBER).finding();
            connection.rollback();
            return String.valueOf(finding);
        }
    }
}
