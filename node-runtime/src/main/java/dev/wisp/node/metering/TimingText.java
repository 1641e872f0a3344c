package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.StartTiming;

/** {@code Server-Timing}: what an invocation waited for, in milliseconds with three decimals, as browsers show it. */
final class TimingText {

    private TimingText() {}

    /** What is known when the response's head is sent. */
    static String waited(Dispatch dispatch) {
        StringBuilder text = new StringBuilder(160);
        metric(text, "queue", dispatch.queueMicros() - dispatch.brokenMicros());
        if (dispatch.brokenBefore() > 0) {
            metric(text, "broken", dispatch.brokenMicros());
            text.append(";desc=\"").append(dispatch.brokenBefore()).append('"');
        }
        metric(text, "start", dispatch.startMicros());
        StartTiming cold = dispatch.cold();
        text.append(cold == null ? ";desc=\"warm\"" : ";desc=\"cold\"");
        if (cold != null) {
            cold.phases().forEach(phase -> metric(text, "start-" + phase.name(), phase.micros()));
        }
        return text.toString();
    }

    /** What is known when the response has ended. */
    static String ran(long appMicros, long totalMicros) {
        StringBuilder text = new StringBuilder(48);
        metric(text, "app", appMicros);
        metric(text, "total", totalMicros);
        return text.toString();
    }

    private static void metric(StringBuilder text, String name, long micros) {
        if (!text.isEmpty()) {
            text.append(", ");
        }
        text.append(name).append(";dur=").append(micros / 1_000).append('.');
        long fraction = micros % 1_000;
        text.append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10));
    }
}
