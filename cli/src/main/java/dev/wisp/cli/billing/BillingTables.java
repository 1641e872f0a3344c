package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Table;
import java.math.BigDecimal;

/** Answers of the billing API as tables; money with every digit it has. */
final class BillingTables {

    private BillingTables() {}

    /** Of an invoice, or of a bill that is not one yet. */
    static Table lines(JsonNode document) {
        Table table = new Table(
                "LINE",
                "FOR",
                ">QUANTITY",
                "UNIT",
                ">AMOUNT " + document.path("currency").asText());
        for (JsonNode line : document.path("lines")) {
            table.row(
                    line.path("id").asText(),
                    line.path("description").asText(),
                    line.path("quantity").asText("").replace("null", ""),
                    line.path("unit").asText("").replace("null", ""),
                    line.path("amount").asText());
        }
        table.row("total", "", "", "", document.path("total").asText());
        return table;
    }

    /** Services with what their calls cost each by itself, what their instances cost while they waited, and both. */
    static Table services(JsonNode bill) {
        Table table = new Table(
                "NAMESPACE",
                "SERVICE",
                ">CALLS",
                ">BILLED ms",
                ">CPU us",
                ">CALLS' COST " + bill.path("currency").asText(),
                ">WAITING",
                ">BOTH");
        bill.path("services")
                .forEach(service -> sums(
                        table,
                        service.path("namespace").asText(),
                        service.path("service").asText(),
                        service));
        sums(table, "all calls", "", bill.path("calls"));
        return table;
    }

    private static void sums(Table table, String namespace, String service, JsonNode sums) {
        table.row(
                namespace,
                service,
                sums.path("invocations").asText("0"),
                sums.path("billedMillis").asText("0"),
                sums.path("cpuMicros").asText("0"),
                sums.path("cost").asText("0"),
                sums.path("waitingCost").asText(""),
                sums.path("costWithWaiting").asText(""));
    }

    static Table estimate(JsonNode estimate) {
        Table table = new Table("PRICES", ">MONTH", "CURRENCY", ">ONE CALL", "FOR");
        for (JsonNode offer : estimate.path("offers")) {
            StringBuilder parts = new StringBuilder();
            for (JsonNode line : offer.path("lines")) {
                parts.append(parts.isEmpty() ? "" : ", ")
                        .append("%s %s"
                                .formatted(
                                        line.path("meter").asText(),
                                        line.path("amount").asText()));
            }
            table.row(
                    offer.path("name").asText(),
                    offer.path("total").asText(),
                    offer.path("currency").asText(),
                    offer.path("perCall").asText(),
                    parts);
        }
        return table;
    }

    static Table prices(JsonNode prices) {
        Table table = new Table(
                ">VERSION",
                "FROM",
                "CURRENCY",
                ">REQUEST",
                ">CPU s",
                ">vCPU s",
                ">GiB s",
                ">GB OUT",
                ">STEP ms",
                "STARTS",
                "PERIOD");
        for (JsonNode price : prices) {
            table.row(
                    price.path("version").asText(),
                    price.path("effectiveFrom").asText(),
                    price.path("currency").asText(),
                    price.path("perRequest").asText(),
                    price.path("perCpuSecond").asText(),
                    price.path("perVcpuSecond").asText(),
                    price.path("perGibSecond").asText(),
                    price.path("perEgressGb").asText(),
                    price.path("incrementMillis").asText(),
                    price.path("startBilled").asBoolean() ? "billed" : "free",
                    price.path("terms").isObject() ? "has terms, see -o yaml" : "sum of calls");
        }
        return table;
    }

    static Table grants(JsonNode grants) {
        Table table = new Table(">CREDIT", ">AMOUNT", ">LEFT", "GRANTED", "REASON");
        for (JsonNode grant : grants) {
            table.row(
                    grant.path("number").asText(),
                    grant.path("amount").asText(),
                    grant.path("left").asText(),
                    grant.path("grantedAt").asText(),
                    grant.path("reason").asText());
        }
        return table;
    }

    static Table records(JsonNode page) {
        Table table = new Table(
                "RECEIVED",
                "ID",
                "SERVICE",
                "REVISION",
                ">STATUS",
                "OUTCOME",
                ">BILLED ms",
                ">CPU us",
                ">vCPU",
                ">COST");
        for (JsonNode record : page) {
            table.row(
                    record.path("receivedAt").asText(),
                    record.path("invocationId").asText(),
                    record.path("namespace").asText() + "/"
                            + record.path("service").asText(),
                    record.path("revision").asText(),
                    record.path("status").asText(),
                    record.path("outcome").asText(),
                    record.path("billedMillis").asText(),
                    record.path("cpuMicros").asText(),
                    vcpus(record.path("cpuMillicores").asLong()),
                    record.path("cost").asText());
        }
        return table;
    }

    static Table instanceTimes(JsonNode page) {
        Table table =
                new Table("ENDED", "INSTANCE", "SERVICE", "REVISION", ">IDLE us", ">FROZEN us", ">vCPU", ">MEMORY");
        for (JsonNode record : page) {
            table.row(
                    record.path("at").asText(),
                    record.path("instanceId").asText(),
                    record.path("namespace").asText() + "/"
                            + record.path("service").asText(),
                    record.path("revision").asText(),
                    record.path("idleMicros").asText(),
                    record.path("frozenMicros").asText(),
                    vcpus(record.path("cpuMillicores").asLong()),
                    record.path("memoryBytes").asText());
        }
        return table;
    }

    /** The limit of the call's instance; nothing in records from before it was recorded. */
    private static String vcpus(long millicores) {
        return millicores == 0
                ? "-"
                : BigDecimal.valueOf(millicores, 3).stripTrailingZeros().toPlainString();
    }

    static Table verification(JsonNode report) {
        Table table = new Table("CHECK", ">OF", ">ms");
        for (JsonNode check : report.path("checks")) {
            table.row(
                    check.path("name").asText(),
                    check.path("parts").asText(),
                    check.path("millis").asText());
        }
        return table;
    }
}
