package dev.wisp.billing.invoice;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.billing.usage.ServiceName;
import dev.wisp.billing.usage.UsageFigures;
import dev.wisp.billing.usage.UsageSums;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/billing/current}: what this month comes to if it ended now, as its invoice would say it, and what services did.
 *
 * @param from start of the month, UTC
 * @param to start of the next
 * @param services what each used; its cost is what its calls cost each by itself, before free parts, steps, discounts and all that only a
 *     month has
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

    /** One service's share. */
    public record Service(
            String namespace, String service, @JsonUnwrapped UsageFigures figures) {}

    public CurrentBill {
        services = List.copyOf(services);
        lines = List.copyOf(lines);
    }

    /**
     * @param draft null when nothing was used: then there is nothing to pay, not even a fee, since such a month has no invoice
     */
    static CurrentBill of(
            Instant from,
            Instant to,
            String currency,
            Map<ServiceName, UsageSums> services,
            @Nullable InvoiceDocument draft) {
        String code = draft == null ? currency : draft.currency();
        String zero = BigDecimal.ZERO.setScale(RoundingPolicy.minorDigits(code)).toPlainString();
        return new CurrentBill(
                from,
                to,
                code,
                services.entrySet().stream()
                        .map(entry -> new Service(
                                entry.getKey().namespace(), entry.getKey().name(), UsageFigures.of(entry.getValue())))
                        .toList(),
                UsageFigures.of(services.values().stream().reduce(UsageSums.NONE, UsageSums::plus)),
                draft == null ? List.of() : draft.lines(),
                draft == null ? zero : draft.subtotal(),
                draft == null ? zero : draft.creditApplied(),
                draft == null ? zero : draft.tax(),
                draft == null ? zero : draft.total());
    }
}
