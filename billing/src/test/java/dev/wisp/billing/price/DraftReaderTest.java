package dev.wisp.billing.price;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftReaderTest {

    @ParameterizedTest
    @ValueSource(strings = {"VCPU_TIME", "disk_time"})
    void refusesAPriceThatNoInvoiceWouldApply(String meter) {
        assertThatThrownBy(() -> DraftReader.requireRecorded(terms(meter)))
                .hasMessageContaining("meters=" + meter)
                .hasMessageContaining("no record has such a quantity");
    }

    @Test
    void takesThoseThatRecordsHave() {
        for (String meter :
                List.of("REQUESTS", "CPU_TIME", "MEMORY_TIME", "EGRESS", "IDLE_VCPU_TIME", "IDLE_MEMORY_TIME")) {
            assertThatCode(() -> DraftReader.requireRecorded(terms(meter))).doesNotThrowAnyException();
        }
        assertThatCode(() -> DraftReader.requireRecorded(null)).doesNotThrowAnyException();
    }

    private static PriceDraft.Terms terms(String meter) {
        PriceDraft.MeterDraft price =
                new PriceDraft.MeterDraft(null, null, null, List.of(new PriceDraft.TierDraft(null, "0.00002")));
        return new PriceDraft.Terms(null, null, Map.of(meter, price));
    }
}
