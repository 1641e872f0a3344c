package dev.wisp.billing.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.billing.usage.InvocationView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of {@code GET /v1/live}.
 *
 * @param records stored since the last event, oldest first; with the first event, the last ones before it
 * @param instances all of them, when something about them changed; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LiveEvent(
        List<InvocationView> records, @Nullable List<InstanceView> instances) {

    public LiveEvent {
        records = List.copyOf(records);
    }
}
