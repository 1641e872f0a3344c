package dev.wisp.contracts.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispatchTest {

    /** Between hosts the gateway looks after a call's money. */
    @Test
    void itsMoneyStaysWithTheGateway() {
        Funds funds = new Funds() {
            @Override
            public boolean coverBytes(long bytesOut) {
                return false;
            }

            @Override
            public long coverMillis(long millis) {
                return 0;
            }

            @Override
            public void ranOut() {}
        };

        byte[] json = WireJson.write(dispatch(funds));

        assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("funds");
        assertThat(WireJson.read(json, Dispatch.class)).isEqualTo(dispatch(Funds.ENDLESS));
    }

    private static Dispatch dispatch(Funds funds) {
        return new Dispatch(
                new UUID(1, 2),
                new RevisionId("default", "hello-00001"),
                "i",
                1,
                2,
                3,
                null,
                4,
                5,
                6,
                true,
                false,
                7,
                funds);
    }
}
