package dev.wisp.billing.invoice;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.billing.usage.ServiceName;
import dev.wisp.billing.usage.UsageFigures;
import dev.wisp.billing.usage.UsageSums;
import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/billing/current}: what this month comes to if it ended now, as its invoice would say it, and what services did.
 *
 * @param from start of the month, UTC
 * @param to start of the next
 * @param services what each used; its cost is what its calls cost each by itself, and beside it what its instances' waiting costs at the list's
 *     price, before free parts, steps, discounts and all that only a month has
 * @param calls sums over the services
 * @param lines as an invoice has them: usage by meter and version of the prices, fee, minimum, corrections, credit, tax
 * @param subtotal of the lines that are neither credit nor tax
 * @param total of all lines
 */
public record CurrentBill(
        Instant from,
        Instant to,
        String currency,
        List<Service> services,
        UsageFigures calls,
        List<InvoiceDocument.Line> lines,
        String subtotal,
        String creditApplied,
        String tax,
        String total) {

    /**
     * One service's share.
     *
     * @param waitingCost of its instances' time without calls at the list's price, in units of the currency
     * @param waitingCostPicos in 10⁻¹² of it, rounded once
     * @param costWithWaiting of calls and waiting: what the service costs before all that only a month has
     * @param costWithWaitingPicos in 10⁻¹² of it
     */
    public record Service(
            String namespace,
            String service,
            @JsonUnwrapped UsageFigures figures,
            String waitingCost,
            String waitingCostPicos,
            String costWithWaiting,
            String costWithWaitingPicos) {

        static Service of(ServiceName name, UsageSums sums, BigInteger waitingPicos) {
            BigInteger both = sums.costPicos().add(waitingPicos);
            return new Service(
                    name.namespace(),
                    name.name(),
                    UsageFigures.of(sums),
                    money(waitingPicos),
                    waitingPicos.toString(),
                    money(both),
                    both.toString());
        }

        private static String money(BigInteger picos) {
            return Money.decimal(new BigDecimal(picos, 12));
        }
    }

    /**
     * What services used.
     *
     * @param calls sums of each service
     * @param waitingPicos what waiting costs, of those whose instances waited
     */
    record Used(Map<ServiceName, UsageSums> calls, Map<ServiceName, BigInteger> waitingPicos) {

        Used {
            calls = Map.copyOf(calls);
            waitingPicos = Map.copyOf(waitingPicos);
        }

        List<Service> services() {
            return new TreeMap<>(calls)
                    .entrySet().stream()
                            .map(entry -> Service.of(
                                    entry.getKey(),
                                    entry.getValue(),
                                    waitingPicos.getOrDefault(entry.getKey(), BigInteger.ZERO)))
                            .toList();
        }

        UsageFigures sum() {
            return UsageFigures.of(calls.values().stream().reduce(UsageSums.NONE, UsageSums::plus));
        }
    }

    public CurrentBill {
        services = List.copyOf(services);
        lines = List.copyOf(lines);
    }

    /**
     * @param draft null when nothing was used: then there is nothing to pay, not even a fee, since such a month has no invoice
     */
    static CurrentBill of(Instant from, Instant to, String currency, Used used, @Nullable InvoiceDocument draft) {
        String code = draft == null ? currency : draft.currency();
        String zero = BigDecimal.ZERO.setScale(RoundingPolicy.minorDigits(code)).toPlainString();
        return new CurrentBill(
                from,
                to,
                code,
                used.services(),
                used.sum(),
                draft == null ? List.of() : draft.lines(),
                draft == null ? zero : draft.subtotal(),
                draft == null ? zero : draft.creditApplied(),
                draft == null ? zero : draft.tax(),
                draft == null ? zero : draft.total());
    }
}
