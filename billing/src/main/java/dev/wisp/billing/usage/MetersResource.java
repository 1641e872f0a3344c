package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /v1/meters}: what is counted, and each by window and group, a page at a time or as CSV. */
@Path("/v1/meters")
@Produces(MediaType.APPLICATION_JSON)
public class MetersResource {

    private static final int LIMIT = 1_000;
    private static final int LIMIT_MAX = 5_000;

    private final UsageStore sums;
    private final InstantSource clock = InstantSource.system();

    /** What is counted. */
    public record View(String slug, String unit) {}

    MetersResource(UsageStore sums) {
        this.sums = sums;
    }

    @GET
    public List<View> meters() {
        return Arrays.stream(UsageMeter.values())
                .map(meter -> new View(meter.slug(), meter.unit()))
                .toList();
    }

    @GET
    @Path("{meter}/query")
    public Uni<MeterPage> query(
            @RestPath String meter,
            @BeanParam UsageParameters parameters,
            @RestQuery("continue") @Nullable String from) {
        UsageMeter asked = UsageMeter.ofSlug(meter);
        UsageQuery query = UsageQuery.parse(parameters, clock.instant());
        int size = number("limit", parameters.limit(), LIMIT, 1, LIMIT_MAX);
        int first = number("continue", from, 0, 0, UsageSql.ROWS_MAX);
        return sums.usage(query).map(rows -> MeterPage.of(asked, query, rows, first, size));
    }

    /** All rows, which are bounded by what a question may ask. */
    @GET
    @Path("{meter}/csv")
    @Produces("text/csv")
    public Uni<String> csv(@RestPath String meter, @BeanParam UsageParameters parameters) {
        UsageMeter asked = UsageMeter.ofSlug(meter);
        UsageQuery query = UsageQuery.parse(parameters, clock.instant());
        return sums.usage(query)
                .map(rows ->
                        MeterPage.of(asked, query, rows, 0, UsageSql.ROWS_MAX).csv(query.groupByLabels()));
    }

    private static int number(String name, @Nullable String text, int missing, int min, int max) {
        if (text == null || text.isEmpty()) {
            return missing;
        }
        String rule = "must be %d..%d".formatted(min, max);
        if (!text.matches("\\d{1,6}")) {
            throw InvalidParameter.of(name, text, rule);
        }
        int number = Integer.parseInt(text);
        if (number < min || number > max) {
            throw InvalidParameter.of(name, text, rule);
        }
        return number;
    }
}
