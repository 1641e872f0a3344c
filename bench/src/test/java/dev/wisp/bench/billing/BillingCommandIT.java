package dev.wisp.bench.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That it runs to its end with the ledger's table as it is now; how fast is not asked here. */
class BillingCommandIT {

    @Test
    void comparesAndAsksTheLedgerOfToday(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("billing.json");

        int exit = new CommandLine(new BillingCommand())
                .execute("--records=2000", "--rounds=1", "--batch=100", "--warm-up=100", "--json=" + json);

        assertThat(exit).isZero();
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("ratios").properties())
                .isNotEmpty()
                .allSatisfy(ratio -> assertThat(ratio.getValue().asDouble()).isPositive());
        assertThat(report.path("series").isEmpty()).isFalse();
    }
}
