package dev.wisp.billing.usage;

import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.rating.Meter;
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
        RecordConditions asked = new RecordConditions(query, parameters);
        String where = asked.names()
                + asked.prices()
                + asked.times("at")
                + (query.meter() == null ? "" : counted(query.meter()))
                + asked.invoiced("instance_time", ChainKind.INSTANCE_TIME, "at")
                + asked.afterPage("time_id");
        return new InstanceTimeSql(
                asked.with()
                        + "SELECT %s FROM billing.instance_time WHERE TRUE%s ORDER BY id_day DESC, time_id DESC LIMIT :limit"
                                .formatted(COLUMNS, where),
                parameters);
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
