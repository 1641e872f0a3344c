package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.export.AttributionPolicy.Part;
import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributionPolicyTest {

    private static final HourUsage HELLO = usage("hello", 3);
    private static final HourUsage RESIZE = usage("resize", 4);
    private static final HourUsage UNUSED = usage("unused", 0);

    @Test
    void whatRecordsSayIsTheirsAndThereIsNoRest() {
        assertThat(parts(7, HELLO, UNUSED, RESIZE)).containsExactly(part(3, HELLO), part(4, RESIZE));
    }

    @Test
    void whatNoRecordIsLeftOfIsTheRest() {
        assertThat(parts(10, HELLO, RESIZE))
                .containsExactly(part(3, HELLO), part(4, RESIZE), new Part(BigInteger.valueOf(3), null));
        assertThat(parts(10)).containsExactly(new Part(BigInteger.TEN, null));
    }

    @Test
    void moreRecordsThanWereBilledTellNothing() {
        assertThat(parts(6, HELLO, RESIZE)).containsExactly(new Part(BigInteger.valueOf(6), null));
    }

    private static List<Part> parts(long billed, HourUsage... usage) {
        return AttributionPolicy.parts(Meter.REQUESTS, BigInteger.valueOf(billed), List.of(usage));
    }

    private static Part part(long quantity, HourUsage usage) {
        return new Part(BigInteger.valueOf(quantity), usage);
    }

    private static HourUsage usage(String service, long requests) {
        return new HourUsage(
                Instant.EPOCH,
                "default",
                service,
                service + "-00001",
                1,
                null,
                null,
                0,
                Map.of(Meter.REQUESTS, BigInteger.valueOf(requests)));
    }
}
