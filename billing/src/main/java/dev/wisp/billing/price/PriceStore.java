package dev.wisp.billing.price;

import dev.wisp.billing.ledger.Chain;
import dev.wisp.billing.ledger.ChainContent;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.PriceBookDigest;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Versions of the prices in the ledger: added and never changed, each a link of the chain. */
public final class PriceStore {

    private static final String TERMS = "SELECT version, terms::text FROM billing.price_book WHERE terms IS NOT NULL";

    private static final String ADD = """
            INSERT INTO billing.price_book AS r (version, currency, effective_from, per_request_picos, per_cpu_second_picos,
              per_gib_second_picos, per_egress_gb_picos, increment_millis, start_billed, terms, per_vcpu_second_picos)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
            RETURNING %s
            """.formatted(PriceBookDigest.digest("r"));

    private PriceStore() {}

    /** Newest first. */
    static List<PriceView> views(Connection connection) throws SQLException {
        Map<Integer, PriceDraft.Terms> terms = terms(connection);
        return Ledger.priceBooks(connection).byVersion().values().stream()
                .sorted(Comparator.comparingInt(PriceBook::version).reversed())
                .map(book -> PriceView.of(book, terms.get(book.version())))
                .toList();
    }

    /** How each version bills a period. */
    public static Map<Integer, PriceTerms> periodTerms(Connection connection) throws SQLException {
        Map<Integer, PriceDraft.Terms> terms = terms(connection);
        Map<Integer, PriceTerms> byVersion = new HashMap<>();
        for (PriceBook book : Ledger.priceBooks(connection).byVersion().values()) {
            byVersion.put(book.version(), DraftReader.terms(book, terms.get(book.version())));
        }
        return byVersion;
    }

    /** Stores a draft as the next version; throws a problem that names the field that is wrong. */
    public static PriceView add(Connection connection, PriceDraft draft, Instant now) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE billing.price_book IN SHARE ROW EXCLUSIVE MODE");
        }
        PriceBooks books = Ledger.priceBooks(connection);
        int version =
                1 + books.byVersion().keySet().stream().max(Integer::compare).orElse(0);
        PriceBook book = DraftReader.book(version, draft, now);
        DraftReader.requireRecorded(draft.terms());
        DraftReader.terms(book, draft.terms());
        DraftReader.requireWholeMonths(book, books.at(book.effectiveFrom()));
        insert(connection, book, draft.terms(), now);
        return PriceView.of(book, draft.terms());
    }

    private static void insert(Connection connection, PriceBook book, PriceDraft.Terms terms, Instant now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setInt(1, book.version());
            insert.setString(2, book.currency());
            insert.setObject(3, OffsetDateTime.ofInstant(book.effectiveFrom(), ZoneOffset.UTC));
            insert.setLong(4, book.perRequestPicos());
            insert.setLong(5, book.perCpuSecondPicos());
            insert.setLong(6, book.perGibSecondPicos());
            insert.setLong(7, book.perEgressGbPicos());
            insert.setLong(8, book.incrementMillis());
            insert.setBoolean(9, book.startBilled());
            insert.setString(10, new String(WireJson.write(terms), StandardCharsets.UTF_8));
            insert.setLong(11, book.perVcpuSecondPicos());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                Chain.link(
                        connection,
                        List.of(ChainContent.row(ChainKind.PRICE_BOOK, book.version(), row.getBytes(1))),
                        now);
            }
        }
    }

    private static Map<Integer, PriceDraft.Terms> terms(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TERMS)) {
            Map<Integer, PriceDraft.Terms> terms = new HashMap<>();
            while (rows.next()) {
                terms.put(rows.getInt(1), read(rows.getString(2)));
            }
            return terms;
        }
    }

    private static PriceDraft.Terms read(@Nullable String json) {
        return WireJson.read(String.valueOf(json).getBytes(StandardCharsets.UTF_8), PriceDraft.Terms.class);
    }
}
