package dev.wisp.billing.usage;

import dev.wisp.billing.rating.Meter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** One statement for a page of the time of instances, newest first: a walk down the primary key. */
record InstanceTimeSql(String text, Map<String, Object> parameters) {

    /** In the order in which {@link InstanceTimeView#of} reads them. */
    private static final String COLUMNS =
            "CAST(id_day AS text), CAST(time_id AS text), (extract(epoch FROM at) * 1000000)::bigint, account, namespace, service,"
                    + " revision, instance_id, node_id, start_us, busy_us, idle_us, frozen_us, cpu_us, call_cpu_us, reserved,"
                    + " cpu_millicores, memory_bytes, price_version";

    /** Up to one more than the limit, so that a caller sees whether there is a next page. */
    static InstanceTimeSql of(RecordQuery query) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("limit", query.limit() + 1);
        StringBuilder where = new StringBuilder("TRUE");
        names(query, where, parameters);
        times(query, where, parameters);
        if (query.priceVersion() != null) {
            where.append(" AND price_version = :priceVersion");
            parameters.put("priceVersion", query.priceVersion());
        }
        if (query.meter() != null) {
            where.append(counted(query.meter()));
        }
        RecordCursor after = query.after();
        if (after != null) {
            where.append(" AND id_day <= :day AND (id_day, time_id) < (:day, :id)");
            parameters.put("day", after.day());
            parameters.put("id", after.id());
        }
        return new InstanceTimeSql(
                "SELECT %s FROM billing.instance_time WHERE %s ORDER BY id_day DESC, time_id DESC LIMIT :limit"
                        .formatted(COLUMNS, where),
                parameters);
    }

    private static void names(RecordQuery query, StringBuilder where, Map<String, Object> parameters) {
        if (query.namespace() != null) {
            where.append(" AND namespace = :namespace");
            parameters.put("namespace", query.namespace());
        }
        if (query.service() != null) {
            where.append(" AND service = :service");
            parameters.put("service", query.service());
        }
    }

    /** A record's id day is at most one from the day of its time. */
    private static void times(RecordQuery query, StringBuilder where, Map<String, Object> parameters) {
        if (query.from() != null) {
            where.append(" AND at >= :from AND id_day >= :fromDay");
            parameters.put("from", query.from());
            parameters.put(
                    "fromDay", LocalDate.ofInstant(query.from(), ZoneOffset.UTC).minusDays(1));
        }
        if (query.to() != null) {
            where.append(" AND at < :to AND id_day <= :toDay");
            parameters.put("to", query.to());
            parameters.put(
                    "toDay", LocalDate.ofInstant(query.to(), ZoneOffset.UTC).plusDays(1));
        }
    }

    private static String counted(Meter meter) {
        return switch (meter) {
            case IDLE_VCPU_TIME -> " AND cpu_millicores > 0 AND idle_us > 0";
            case IDLE_MEMORY_TIME -> " AND memory_bytes > 0 AND (idle_us > 0 OR frozen_us > 0)";
            case REQUESTS, CPU_TIME, VCPU_TIME, MEMORY_TIME, DISK_TIME, EGRESS ->
                throw InvalidParameter.of("meter", meter.name(), "is not of instances without a call");
        };
    }
}
