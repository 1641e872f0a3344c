package dev.wisp.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class OciSeccompTest {

    @Test
    void turnsEachLineIntoARule() {
        JsonNode oci = OciSeccomp.oci(List.of(
                "# comment",
                "",
                "0 read allow",
                "1 write allow  # why",
                "41 socket when arg0 in 1 2 and arg2 in 0  # why",
                "56 clone when arg0 without 0x7e020000",
                "101 ptrace deny",
                "435 clone3 ENOSYS"));

        assertThat(oci.path("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(oci.path("syscalls").toString())
                .isEqualTo("[{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"read\",\"write\"]},"
                        + "{\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38,\"names\":[\"clone3\"]},"
                        + "{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"socket\"],\"args\":["
                        + "{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":1},{\"index\":2,\"op\":\"SCMP_CMP_EQ\",\"value\":0}]},"
                        + "{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"socket\"],\"args\":["
                        + "{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":2},{\"index\":2,\"op\":\"SCMP_CMP_EQ\",\"value\":0}]},"
                        + "{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"clone\"],\"args\":["
                        + "{\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2114060288,\"valueTwo\":0}]}]");
    }

    @Test
    void refusesAConditionItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OciSeccomp.oci(List.of("1 write when arg0 above 3")))
                .withMessageContaining("write");
    }
}
