package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.controller.policy.ServiceDraft.Container;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns resource limits and requests into what one instance may use: the limit, or the request where there is no limit; and what of the processors is set aside for it. */
final class LimitsPolicy {

    private static final String RESOURCES = TemplatePolicy.CONTAINER + "/resources";

    /** One resource: how it is written, read and bounded. */
    private record Resource(
            String key, long byDefault, long min, long max, String bounds, Function<String, OptionalLong> reader) {}

    private static final Resource CPU =
            new Resource("cpu", Defaults.CPU_MILLICORES, 10, 1_024_000, "10m..1024", Quantities::millis);
    private static final Resource MEMORY =
            new Resource("memory", Defaults.MEMORY_BYTES, 4L << 20, 1L << 40, "4Mi..1Ti", Quantities::units);

    private LimitsPolicy() {}

    static Limits limits(Container container, Findings findings) {
        long cpu = value(CPU, container, findings);
        long memory = value(MEMORY, container, findings);
        long writable = Math.min(Defaults.WRITABLE_BYTES_MAX, memory / 4);
        return new Limits((int) cpu, memory, Defaults.PIDS_MAX, writable, (int) Math.min(cpu, request(container)));
    }

    /** What is wrong with it has been found by then. */
    private static long request(Container container) {
        Long request = read(CPU, "requests", container.requests(), new Findings());
        return request == null ? 0 : request;
    }

    private static long value(Resource resource, Container container, Findings findings) {
        Long limit = read(resource, "limits", container.limits(), findings);
        Long request = read(resource, "requests", container.requests(), findings);
        if (limit != null && request != null && request > limit) {
            findings.add(RESOURCES + "/requests/" + resource.key(), "must not be above the limit");
        }
        if (limit != null) {
            return limit;
        }
        return request == null ? resource.byDefault() : Math.max(request, resource.min());
    }

    private static @Nullable Long read(Resource resource, String kind, Map<String, String> all, Findings findings) {
        String text = all.get(resource.key());
        if (text == null) {
            return null;
        }
        String at = RESOURCES + "/" + kind + "/" + resource.key();
        OptionalLong value = resource.reader().apply(text);
        if (value.isEmpty()) {
            findings.add(
                    at, "'%s' is not a quantity such as 500m, 2 or 256Mi".formatted(ServicePolicy.shortened(text)));
            return null;
        }
        if (value.getAsLong() < (kind.equals("limits") ? resource.min() : 0) || value.getAsLong() > resource.max()) {
            findings.add(at, "'%s' must be %s".formatted(text, resource.bounds()));
            return null;
        }
        return value.getAsLong();
    }
}
