package dev.wisp.billing.usage;

import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.ChainKind;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a question about records of calls and one about records of instances' time ask alike, as conditions that each begin with {@code AND}.
 *
 * @param parameters takes what the conditions name
 */
record RecordConditions(RecordQuery query, Map<String, Object> parameters) {

    String names() {
        return equal("namespace", "namespace", query.namespace()) + equal("service", "service", query.service());
    }

    String prices() {
        return equal("price_version", "priceVersion", query.priceVersion());
    }

    /**
     * A record's id day is at most one from the day of its time, so that bounds on time also rule out partitions.
     *
     * @param time the column that has the record's time
     */
    String times(String time) {
        StringBuilder text = new StringBuilder();
        if (query.from() != null) {
            text.append(" AND ").append(time).append(" >= :from AND id_day >= :fromDay");
            parameters.put("from", query.from());
            parameters.put(
                    "fromDay", LocalDate.ofInstant(query.from(), ZoneOffset.UTC).minusDays(1));
        }
        if (query.to() != null) {
            text.append(" AND ").append(time).append(" < :to AND id_day <= :toDay");
            parameters.put("to", query.to());
            parameters.put(
                    "toDay", LocalDate.ofInstant(query.to(), ZoneOffset.UTC).plusDays(1));
        }
        return text.toString();
    }

    /** Goes before the statement: what the invoice that is asked for counts of each month, read once. */
    String with() {
        if (query.invoice() == null) {
            return "";
        }
        parameters.put("invoice", query.invoice());
        return "WITH bill AS MATERIALIZED (%s) ".formatted(ChainCut.OF_INVOICE.formatted(":invoice"));
    }

    /**
     * What that invoice counts, and neither what came later nor what an earlier one had counted.
     *
     * @param table with the records, and the kind of the links that cover them
     * @param time the column that has the record's time
     */
    String invoiced(String table, ChainKind kind, String time) {
        return query.invoice() == null ? "" : " AND " + ChainCut.isCounted(table, kind, time, "bill");
    }

    /**
     * Where the page before ended. As one comparison of rows: the same as an OR would be read from the newest record on for every page.
     *
     * @param id the column that has the record's id
     */
    String afterPage(String id) {
        RecordCursor after = query.after();
        if (after == null) {
            return "";
        }
        parameters.put("day", after.day());
        parameters.put("id", after.id());
        return " AND id_day <= :day AND (id_day, %s) < (:day, :id)".formatted(id);
    }

    private String equal(String column, String parameter, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        parameters.put(parameter, value);
        return " AND %s = :%s".formatted(column, parameter);
    }
}
