package dev.wisp.standalone;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A caller that goes on until it is told that the budget is spent, and adds up what its answers say they cost. Owned by one thread. */
final class Spender {

    static final String BUDGET = "budget small of 0.0002 USD a month";

    private static final Duration AWAY = Duration.ofMillis(100);
    private static final int PICO_DIGITS = 12;

    private final Client client;
    private final String service;
    private final String resets =
            "it resets at " + LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1).plusMonths(1);
    private final List<String> strange = new ArrayList<>();
    private int answered;
    private long picos;

    Spender(Client client, String service) {
        this.client = client;
        this.service = service;
    }

    Spender spend() {
        boolean more = true;
        while (more) {
            HttpResponse<String> answer = client.invoke(service, "/");
            more = switch (answer.statusCode()) {
                case 200 -> paid(answer);
                case 503 -> waits(answer);
                case 402 -> isOver(answer);
                default -> isStrange(answer);
            };
        }
        return this;
    }

    int answered() {
        return answered;
    }

    long picos() {
        return picos;
    }

    /** Answers that were neither the service's nor a refusal with its reason. */
    List<String> strange() {
        return strange;
    }

    private boolean paid(HttpResponse<String> answer) {
        String cost = answer.headers().firstValue("x-cost").orElseThrow();
        picos += new BigDecimal(cost.substring(0, cost.indexOf(' ')))
                .movePointRight(PICO_DIGITS)
                .longValueExact();
        answered++;
        return true;
    }

    private boolean waits(HttpResponse<String> answer) {
        LockSupport.parkNanos(AWAY.toNanos());
        return isRefusal(answer, "E1505") || isStrange(answer);
    }

    private boolean isOver(HttpResponse<String> answer) {
        boolean told = isRefusal(answer, "E1503") && answer.body().contains(resets);
        return !told && isStrange(answer);
    }

    private boolean isStrange(HttpResponse<String> answer) {
        strange.add(answer.statusCode() + " " + answer.body());
        return false;
    }

    private static boolean isRefusal(HttpResponse<String> answer, String code) {
        return answer.body().contains(code) && answer.body().contains(BUDGET);
    }
}
