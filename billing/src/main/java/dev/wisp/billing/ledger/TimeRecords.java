package dev.wisp.billing.ledger;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.NodeCpu;
import java.time.LocalDate;
import java.util.List;

/** What nodes said of their instances' time, and of their processors. */
public record TimeRecords(List<Priced> instances, List<NodeCpu> nodes) {

    public static final TimeRecords NONE = new TimeRecords(List.of(), List.of());

    /**
     * @param priceVersion in force when the stretch ended
     */
    public record Priced(InstanceTime time, int priceVersion) {

        LocalDate day() {
            return IdDay.of(time.timeId(), time.atMicros());
        }
    }

    public TimeRecords {
        instances = List.copyOf(instances);
        nodes = List.copyOf(nodes);
    }
}
