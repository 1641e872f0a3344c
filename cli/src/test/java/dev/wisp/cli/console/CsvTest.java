package dev.wisp.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void quotesWhatHasToBeAndLeavesNumbersAsTheyAre() throws IOException {
        Csv csv = new Csv();

        assertThat(csv.lines(Json.parse("""
                [{"name":"a,\\"b\\"","cost":"-0.5","calls":3,"cold":true,"start":{"claim":1,"listen":2},"none":null},
                 {"name":"=1+1","cost":"0","calls":4}]""")))
                .containsExactly(
                        "name,cost,calls,cold,start,none",
                        "\"a,\"\"b\"\"\",-0.5,3,true,\"claim=1,listen=2\",",
                        "'=1+1,0,4,,,");
        assertThat(csv.lines(Json.parse("[{\"cost\":\"1\",\"name\":\"+x\"}]"))).containsExactly("'+x,1,,,,");
    }

    @Test
    void hasNoHeadWithoutARow() throws IOException {
        assertThat(new Csv().lines(Json.parse("[]"))).isEmpty();
    }
}
