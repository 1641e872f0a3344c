package dev.wisp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.cli.Terminal.Result;
import dev.wisp.cli.failure.ExitCode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadCommandsTest {

    private static final String USAGE = """
        {"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00Z","window":"DAY","currency":"USD",
         "data":[{"windowStart":"2026-11-01T00:00:00Z","groupBy":{"service":"hello"},"invocations":12,"errors":1,"coldStarts":3,
                  "billedMillis":1500,"cpuMicros":250000,"vcpuMillicoreMillis":"750000","memoryByteMillis":"161061273600",
                  "cost":"0.0000087654321"}],
         "total":{"invocations":12,"errors":1,"coldStarts":3,"billedMillis":1500,"cpuMicros":250000,
                  "vcpuMillicoreMillis":"750000","memoryByteMillis":"161061273600","cost":"0.0000087654321"}}
        """;

    private final FakePlatform platform = new FakePlatform();
    private final Terminal terminal = new Terminal().with("WISP_API", platform.url());

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void invokesByTheServicesUrlAndShowsTheBillOfTheCall() {
        terminal.run("deploy", "hello", "--image", "a");
        platform.answer("GET /greet", 200, "hi there");

        Result result = terminal.run("invoke", "hello", "--path", "/greet?x=1", "--cost");

        assertThat(result.out()).isEqualTo("hi there");
        assertThat(result.err().replaceFirst("[\\d.]+ ms", "N ms"))
                .isEqualTo("cold  N ms = queue 0.05 + start 3.90 (exec 1.20, listen 2.70) + app 0.40  billed 1 ms  cpu"
                        + " 0.31 ms  cost 0.000000200312 USD  0190-test\n");
        assertThat(platform.requests()).contains("GET /greet?x=1 ");
    }

    @Test
    void sendsBodiesAndFailsOnAnErrorStatusOnlyWhenAsked() {
        terminal.run("deploy", "hello", "--image", "a");
        platform.answer("POST /echo", 418, "short and stout");

        assertThat(terminal.run("invoke", "hello", "--path", "/echo", "-d", "tea")
                        .exitCode())
                .isEqualTo(ExitCode.OK);
        Result failed = terminal.run("invoke", "hello", "--path", "/echo", "-d", "tea", "--fail", "-i");

        assertThat(failed.exitCode()).isEqualTo(ExitCode.HTTP_ERROR);
        assertThat(failed.out()).startsWith("HTTP/1.1 418 ").endsWith("\n\nshort and stout");
        assertThat(platform.requests()).contains("POST /echo tea");
    }

    @Test
    void storesACallAndPrintsItsIdAloneAndItsAnswerLater() {
        terminal.run("deploy", "hello", "--image", "a");
        platform.answer("POST /", 202, "{}");
        platform.headers("POST /", Map.of("Location", "/_wisp/async/0190-aa"));
        platform.answer("GET /_wisp/async/0190-aa", 201, "made");
        platform.headers("GET /_wisp/async/0190-aa", Map.of("X-Async-State", "succeeded"));

        Result stored = terminal.run("invoke", "hello", "--async", "-d", "tea");
        Result result = terminal.run("invoke", "hello", "--result", stored.out().strip(), "-i");
        Result unknown = terminal.run("invoke", "hello", "--result", "0190-bb");

        assertThat(stored.out()).isEqualTo("0190-aa\n");
        assertThat(result.out()).startsWith("HTTP/1.1 201 ").endsWith("\n\nmade");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(terminal.run("invoke", "hello", "--result", "../x").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void refusesRequestsThatHttpCannotCarry() {
        terminal.run("deploy", "hello", "--image", "a");

        assertThat(terminal.run("invoke", "hello", "--path", "/a b").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("invoke", "hello", "-H", "nonsense").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("invoke", "hello", "-H", "A: b\r\nC: d").exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("invoke", "hello", "-X", "GE T").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void showsUsageWithEveryDigitOfTheCostAndItsTotal() {
        platform.answer("GET /v1/usage", 200, USAGE);

        Result result = terminal.run("usage", "hello", "--window", "day", "--group-by", "service,revision");

        assertThat(result.out()).isEqualTo("""
            DAY                   WHAT   CALLS  COLD  ERRORS  BILLED s     CPU s    vCPU-s     GiB-s         COST USD
            2026-11-01T00:00:00Z  hello     12     3       1     1.500  0.250000  0.750000  0.150000  0.0000087654321
            total                           12     3       1     1.500  0.250000  0.750000  0.150000  0.0000087654321
            """);
        assertThat(platform.requests())
                .contains("GET /v1/usage?namespace=default&service=hello&window=DAY&groupBy=service%2Crevision ");
    }

    @Test
    void showsTimeWithoutCallsWhereThereIsAny() {
        platform.answer(
                "GET /v1/usage",
                200,
                USAGE.replace(
                        "\"vcpuMillicoreMillis\"", "\"idleMillicoreMicros\":\"1500000000\",\"vcpuMillicoreMillis\""));

        assertThat(terminal.run("usage", "hello").out())
                .containsPattern("GiB-s +IDLE vCPU-s +IDLE GiB-s +FROZEN GiB-s +COST USD")
                .containsPattern("0\\.150000 +1\\.500000 +0\\.000000 +0\\.000000 +0\\.0000087654321");
    }

    /** The first page names a cursor; the page behind it does not. */
    @Test
    void followsThePagesOfUsage() {
        String first = USAGE.strip().replaceFirst("\\}$", ",\"nextCursor\":\"bmV4dA\"}");
        platform.answer("GET /v1/usage", 200, first);
        platform.answer("GET /v1/usage" + FakePlatform.LATER, 200, USAGE);

        Result result = terminal.run("usage", "hello", "--csv");

        assertThat(result.out().lines().filter(line -> line.startsWith("2026-11-01T00:00:00Z,hello")))
                .hasSize(2);
        assertThat(platform.requests()).anyMatch(request -> request.contains("&cursor=bmV4dA "));
    }

    @Test
    void theBillIsShownAsItsInvoiceAndByService() {
        platform.answer("GET /v1/billing/current", 200, """
            {"currency":"USD","services":[{"namespace":"default","service":"hello","invocations":12,"billedMillis":1500,"cpuMicros":99,"cost":"0.0000087",
             "waitingCost":"0.001","costWithWaiting":"0.0010087"}],"calls":{"invocations":12,"billedMillis":1500,"cpuMicros":99,"cost":"0.0000087"},
             "lines":[{"id":"2026-11-1","description":"Requests","quantity":"12","unit":"Requests","amount":"0.00"},
               {"id":"2026-11-2","description":"Fee","quantity":null,"unit":null,"amount":"5.00"}],"total":"5.00"}
            """);

        assertThat(terminal.run("billing", "current").out())
                .containsPattern("2026-11-2 +Fee +5\\.00\\n")
                .containsPattern("total +5\\.00\\n")
                .containsPattern("default +hello +12 +1500 +99 +0\\.0000087 +0\\.001 +0\\.0010087");
    }

    @Test
    void creditsAreShownOneByOneWithWhatIsLeft() {
        platform.answer("GET /v1/billing/credits", 200, """
            {"currency":"USD","left":"7.50","grants":[
              {"number":2,"amount":"5","left":"5","reason":"for the trouble","grantedAt":"2026-11-02T00:00:00Z"},
              {"number":1,"amount":"10","left":"2.50","reason":"welcome","grantedAt":"2026-11-01T00:00:00Z"}]}
            """);

        assertThat(terminal.run("billing", "credits").out())
                .startsWith("7.50 USD\n")
                .containsPattern("2 +5 +5 +2026-11-02T00:00:00Z +for the trouble\n")
                .containsPattern("1 +10 +2\\.50 +2026-11-01T00:00:00Z +welcome\n");
        assertThat(terminal.run("billing", "credits", "-o", "json").out()).contains("\"grantedAt\"");
    }

    @Test
    void recordsBehindALineAreAskedForByMeterAndPrices() {
        platform.answer("GET /v1/billing/instance-times", 200, """
            {"records":[{"timeId":"0190-cc","at":"2026-11-01T00:00:00Z","instanceId":"i-1","namespace":"default","service":"hello",
              "revision":"hello-00001","idleMicros":2000000,"frozenMicros":3,"cpuMillicores":1000,"memoryBytes":134217728}]}
            """);

        Result result = terminal.run(
                "billing", "instance-times", "--meter", "idle_memory_time", "--prices", "2", "--invoice", "7");

        assertThat(result.out()).containsPattern("i-1 +default/hello +hello-00001 +2000000 +3 +1 +134217728");
        assertThat(platform.requests())
                .contains("GET /v1/billing/instance-times?meter=idle_memory_time&priceVersion=2&invoice=7&limit=50 ");
    }

    @Test
    void writesUsageAndRecordsForASpreadsheet() {
        platform.answer("GET /v1/usage", 200, USAGE);
        platform.answer("GET /v1/billing/records", 200, """
            {"records":[{"invocationId":"0190-aa","method":"=1+1","startParts":{"claim":12,"listen":410},"cost":"0.0000087"}],"nextCursor":null}
            """);

        assertThat(terminal.run("usage", "hello", "--csv").out()).isEqualTo("""
            windowStart,service,invocations,errors,coldStarts,billedMillis,cpuMicros,vcpuMillicoreMillis,memoryByteMillis,cost
            2026-11-01T00:00:00Z,hello,12,1,3,1500,250000,750000,161061273600,0.0000087654321
            """);
        assertThat(terminal.run("billing", "records", "--csv").out()).isEqualTo("""
            invocationId,method,startParts,cost
            0190-aa,'=1+1,"claim=12,listen=410",0.0000087
            """);
    }

    @Test
    void recordsAndPricesShowTheProcessorsOfACall() {
        platform.answer("GET /v1/billing/records", 200, """
            {"records":[{"invocationId":"0190-aa","cpuMicros":410,"cpuMillicores":1500,"cost":"0.0000087"},
              {"invocationId":"0190-bb","cpuMicros":77,"cpuMillicores":0,"cost":"0.0000012"}],"nextCursor":null}
            """);
        platform.answer("GET /v1/billing/prices", 200, """
            [{"version":2,"perCpuSecond":"0.00","perVcpuSecond":"0.000024","perGibSecond":"0.0000025"}]
            """);

        assertThat(terminal.run("billing", "records").out())
                .containsPattern("CPU us +vCPU +COST\\n")
                .containsPattern(" 410 +1\\.5 +0\\.0000087\\n")
                .containsPattern(" 77 +- +0\\.0000012\\n");
        assertThat(terminal.run("billing", "prices").out())
                .containsPattern("CPU s +vCPU s +GiB s")
                .containsPattern(" 0\\.00 +0\\.000024 +0\\.0000025");
    }

    @Test
    void topShowsRatesFromTheSecondLookOn() {
        platform.answer("GET /v1/overview", 200, """
            {"currency":"USD","services":[{"namespace":"default","name":"hello","instances":2,
              "day":{"invocations":7,"errors":1,"cost":"0.0001"},"month":{"invocations":9,"cost":"0.0002"}}]}
            """);

        Result result = terminal.run("top", "--count", "1");

        assertThat(result.out()).isEqualTo("""
            SERVICE        INSTANCES  CALLS/s  CALLS 24 h  ERRORS 24 h  COST 24 h  COST MONTH USD
            default/hello          2      0.0           7            1     0.0001          0.0002

            """);
    }

    @Test
    void verifySaysTheFirstThingThatIsWrongAndFails() {
        platform.answer(
                "GET /v1/billing/verification",
                200,
                "{\"clean\":false,\"finding\":\"price book 1: it was"
                        + " changed\",\"checks\":[{\"name\":\"links\",\"parts\":1,\"millis\":3}]}");

        Result result = terminal.run("billing", "verify");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("the ledger is not what was recorded", "price book 1: it was changed");
    }

    @Test
    void estimateSendsExactAmountsAndShowsEveryOffer() {
        platform.answer("POST /v1/billing/estimates", 200, """
            {"offers":[{"name":"lambda","currency":"USD","total":"2.73","perCall":"0.00000091","fee":"0.00",
              "lines":[{"meter":"Requests","quantity":"3000000","unit":"Requests","amount":"0.40"}]}]}
            """);

        Result result = terminal.run(
                "billing", "estimate", "--requests", "3M", "--duration", "120ms", "--memory", "1.5Gi", "--cpu", "500m");

        assertThat(result.out()).contains("lambda   2.73  USD       0.00000091  Requests 0.40");
        assertThat(platform.requests().getLast())
                .contains(
                        "\"requests\":3000000",
                        "\"durationMicros\":120000",
                        "\"memoryBytes\":1610612736",
                        "\"cpuMillis\":500");
        assertThat(terminal.run("billing", "estimate", "--duration", "5 parsecs")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void explainsDecisionsAndWhichOfThemHeld() {
        platform.answer("GET /v1/namespaces/default/services/hello/decisions", 200, """
            {"items":[
             {"revision":{"namespace":"default","name":"hello-00001"},"at":"2026-01-01T12:00:10Z",
              "until":"2026-01-01T12:00:11.500Z","desired":7,"inputs":{"requests":0,"ready":7},
              "reason":"7: held by panic until 12:01:04Z, would be 3 (210 in flight over 6 s / target 70)"},
             {"revision":{"namespace":"default","name":"hello-00001"},"at":"2026-01-01T12:00:04Z",
              "until":"2026-01-01T12:00:10Z","desired":3,"inputs":{"requests":210,"ready":0},"reason":"3: 210 in flight"}]}\
            """);

        Result all = terminal.run("explain", "hello");
        Result then = terminal.run("explain", "hello", "--at", "2026-01-01T12:00:05Z");

        assertThat(all.out()).contains("2026-01-01T12:00:10Z", "1.5 s", "7: held by panic until 12:01:04Z, would be 3");
        assertThat(then.out()).contains("3: 210 in flight", "\"requests\":210").doesNotContain("held by panic");
        assertThat(platform.requests())
                .contains("GET /v1/namespaces/default/services/hello/decisions?limit=20 ")
                .contains("GET /v1/namespaces/default/services/hello/decisions?limit=1000 ");
        assertThat(terminal.run("explain", "hello", "--at", "noon").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void explainsWhatACallWaitedForAndHowOftenItWasTried() {
        platform.answer("GET /v1/billing/records/7", 200, """
            {"namespace":"default","revision":"hello-00001","status":200,"outcome":"SUCCESS","instanceId":"i2","nodeId":"main",
             "queueMicros":3001000,"startMicros":0,"appMicros":2100}""");
        platform.answer("GET /v1/attempts", 200, """
            {"items":[{"invocationId":"7","revision":"default/hello-00001","attempts":11,"status":200,"end":"answered","tookMicros":3003100,
             "leftAlone":"1 of 2 instances are left alone","notKept":9,
             "ended":[{"instanceId":"i1","nodeId":"main","ending":"BROKEN","detail":"it broke off; 1 of 5 failures in a row",
             "beganMicros":120,"tookMicros":3000000}]}]}""");

        Result result = terminal.run("explain", "--call", "7");

        assertThat(result.out())
                .contains("7 default/hello-00001: 200, SUCCESS\n")
                .contains(
                        "3.00 s in the queue, 0 µs for the start of an instance, 2.10 ms in instance i2 on node main\n")
                .contains("tried 11 times in 3.00 s; it ended with 200: answered\n")
                .contains("it waited while 1 of 2 instances are left alone\n")
                .contains("BROKEN  it broke off; 1 of 5 failures in a row\n")
                .contains("and 9 more\n");
        assertThat(terminal.run("explain", "--call", "7", "-o", "json").out()).contains("\"ending\" : \"BROKEN\"");
    }

    @Test
    void explainsACallThatSimplyWentThrough() {
        platform.answer("GET /v1/billing/records/7", 200, """
            {"namespace":"default","revision":"hello-00001","status":200,"outcome":"SUCCESS","instanceId":"i2","nodeId":"main",
             "queueMicros":0,"startMicros":1500,"appMicros":2100,"startParts":{"claim":12,"listen":1410}}""");
        platform.answer("GET /v1/attempts", 200, "{\"items\":[]}");

        Result result = terminal.run("explain", "--call", "7");

        assertThat(result.out())
                .contains(
                        "1.50 ms for the start",
                        "that start: claim 12 µs, listen 1.41 ms\n",
                        "no attempt is known to have failed");
        assertThat(terminal.run("explain", "--call", "8").err()).contains("nothing is known of call 8");
        assertThat(terminal.run("explain").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("explain", "hello", "--call", "8").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void printsLogsAsTheyAre() {
        platform.answer("GET /v1/namespaces/default/services/hello/logs", 200, "one\ntwo\n");

        assertThat(terminal.run("logs", "hello", "--tail", "2").out()).isEqualTo("one\ntwo\n");
        assertThat(platform.requests()).contains("GET /v1/namespaces/default/services/hello/logs?follow=false&tail=2 ");
    }

    @Test
    void tellsHowItStandsWithThePlatformByTextAndExitCode() {
        platform.answer(
                "GET /q/health", 200, "{\"status\":\"UP\",\"checks\":[{\"name\":\"started\",\"status\":\"UP\"}]}");

        Result up = terminal.run("status", "--home", "/nonexistent");
        Result away = terminal.with("WISP_API", "http://127.0.0.1:1").run("status", "--home", "/nonexistent", "-q");

        assertThat(up.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(up.out()).startsWith("checks  started UP\nstate   ready\n");
        assertThat(away).isEqualTo(new Result(ExitCode.UNREACHABLE, "not running\n", ""));
    }

    @Test
    void tellsWhatIsNotWell() {
        platform.answer(
                "GET /q/health",
                503,
                "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"started\",\"status\":\"UP\"},"
                        + "{\"name\":\"records reach the disk\",\"status\":\"DOWN\"}]}");

        Result result = terminal.run("status", "--home", "/nonexistent");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).startsWith("checks  started UP, records reach the disk DOWN\nstate   not ready\n");
    }

    @Test
    void saysHowToReachAPlatformThatDoesNotAnswer() {
        Result result = terminal.run("services", "list", "--api", "http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(result.err()).contains("the platform does not answer at http://127.0.0.1:1", "try: wisp up");
    }

    @Test
    void keepsAWorkloadsControlCharactersOffTheTerminal() {
        platform.answer(
                "GET /v1/usage",
                409,
                "{\"code\":\"E1804\",\"status\":409,\"detail\":\"bell \\u0007 and \\u001b[31mred\"}");

        Result result = terminal.run("usage");

        assertThat(result.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(result.err()).startsWith("error: bell ? and ?[31mred   [E1804]");
    }

    @Test
    void answersMistakesInTheCommandWithUsage() {
        assertThat(terminal.run("servces").err()).contains("did you mean: ", "services");
        assertThat(terminal.run("services").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("invoke").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("usage", "--api", "ftp://x").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("completion", "fish").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.run("completion", "bash").out()).contains("complete -F _complete_wisp");
        assertThat(terminal.run("version").out()).startsWith("wisp ");
    }

    @Test
    void listsNodes() {
        platform.answer("GET /v1/nodes", 200, "{\"items\":[%s]}".formatted(node("CORDONED", 2)));

        Result result = terminal.run("nodes", "list");

        assertThat(result.out()).isEqualTo("""
            NODE    STATE     INSTANCES  SANDBOXES  CPU FREE  MEMORY FREE  ADDRESS        LABELS  TAINTS  REASON
            node-1  CORDONED          2      2/100      1.75      1.0 GiB  10.0.0.7:9000  -       -       disk
            """);
    }

    @Test
    void saysWhatFrozenInstancesWouldGiveUp() {
        platform.answer(
                "GET /v1/nodes",
                200,
                "{\"items\":[%s]}"
                        .formatted(node("READY", 2)
                                .replace("\"sandboxes\"", "\"memoryBytesEvictable\":536870912,\"sandboxes\"")));

        assertThat(terminal.run("nodes", "list").out()).contains("1.0 GiB + 512.0 MiB frozen");
    }

    /** Less the labels that every node gives itself. */
    @Test
    void listsLabelsAndTaintsOfNodes() {
        String labelled = node("READY", 0).replace("\"reason\"", """
            "labels":{"kubernetes.io/arch":"amd64","zone":"a","disk":"ssd"},"taints":["gpu=yes:NoSchedule"],"reason"\
            """);
        platform.answer("GET /v1/nodes", 200, "{\"items\":[%s]}".formatted(labelled));

        Result result = terminal.run("nodes", "list");

        assertThat(result.out())
                .contains("zone=a,disk=ssd  gpu=yes:NoSchedule  disk")
                .doesNotContain("amd64");
    }

    @Test
    void drainsANodeAndSaysWhenItIsEmpty() {
        platform.answer("PUT /v1/nodes/node-1/order", 200, "{}");
        platform.answer("GET /v1/nodes/node-1", 200, node("DRAINED", 0));

        Result result = terminal.run("nodes", "drain", "node-1", "--reason", "disk", "--force");

        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(result.err()).isEqualTo("node node-1 is drained\n");
        assertThat(platform.requests())
                .contains("PUT /v1/nodes/node-1/order?force=true {\"wish\":\"DRAIN\",\"reason\":\"disk\"}");
    }

    @Test
    void aDrainThatTakesTooLongGoesOnWithoutTheCommand() {
        platform.answer("PUT /v1/nodes/node-1/order", 200, "{}");
        platform.answer("GET /v1/nodes/node-1", 200, node("DRAINING", 3));

        Result result = terminal.run("nodes", "drain", "node-1", "--timeout", "1");

        assertThat(result.exitCode()).isEqualTo(ExitCode.TIMEOUT);
        assertThat(result.err()).contains("3 instances left", "it goes on draining");
    }

    @Test
    void cordonsAndUncordons() {
        platform.answer("PUT /v1/nodes/node-1/order", 200, "{}");
        platform.answer("DELETE /v1/nodes/node-1/order", 204, "");

        assertThat(terminal.run("nodes", "cordon", "node-1").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(terminal.run("nodes", "uncordon", "node-1").exitCode()).isEqualTo(ExitCode.OK);

        assertThat(platform.requests())
                .contains(
                        "PUT /v1/nodes/node-1/order {\"wish\":\"CORDON\",\"reason\":\"\"}",
                        "DELETE /v1/nodes/node-1/order ");
    }

    private static String node(String state, int instances) {
        return """
            {"nodeId":"node-1","state":"%s","address":"10.0.0.7:9000","cpuMillicoresFree":1750,
             "memoryBytesFree":1073741824,"sandboxes":%d,"sandboxesMax":100,"instances":%d,"reason":"disk"}
            """.formatted(state, instances, instances);
    }
}
