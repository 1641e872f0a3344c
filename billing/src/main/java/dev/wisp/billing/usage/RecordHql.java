package dev.wisp.billing.usage;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HQL statement for a page of records. The order is that of the primary key, so a page is a walk down the index; a record's id day
 * is at most one from the day it was received, so bounds on time also rule out partitions.
 */
record RecordHql(String text, Map<String, Object> parameters) {

    static RecordHql of(RecordQuery query) {
        StringBuilder text = new StringBuilder("from LedgerInvocation i where 1 = 1");
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (query.namespace() != null) {
            text.append(" and i.namespace = :namespace");
            parameters.put("namespace", query.namespace());
        }
        if (query.service() != null) {
            text.append(" and i.service = :service");
            parameters.put("service", query.service());
        }
        if (query.from() != null) {
            text.append(" and i.receivedAt >= :from and i.key.day >= :fromDay");
            parameters.put("from", query.from());
            parameters.put(
                    "fromDay", LocalDate.ofInstant(query.from(), ZoneOffset.UTC).minusDays(1));
        }
        if (query.to() != null) {
            text.append(" and i.receivedAt < :to and i.key.day <= :toDay");
            parameters.put("to", query.to());
            parameters.put(
                    "toDay", LocalDate.ofInstant(query.to(), ZoneOffset.UTC).plusDays(1));
        }
        RecordCursor after = query.after();
        if (after != null) {
            // As one comparison of rows: the same as an OR would be read from the newest record on for every page.
            text.append(" and i.key.day <= :day and (i.key.day, i.key.id) < (:day, :id)");
            parameters.put("day", after.day());
            parameters.put("id", after.id());
        }
        return new RecordHql(
                text.append(" order by i.key.day desc, i.key.id desc").toString(), parameters);
    }
}
