package dev.sluice.admin.routing;

import dev.sluice.admin.AdminJson;
import dev.sluice.proxy.target.Measurements;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Measurements as operators see them; what is not known is null. */
final class MeasuredView {
    private MeasuredView() {}

    static ObjectNode of(Measurements measured) {
        ObjectNode view =
                AdminJson.object()
                        .put("status", measured.status().name().toLowerCase(Locale.ROOT))
                        .put("calls", measured.calls())
                        .put("failures", measured.failures())
                        .put("error_rate", measured.errorRate());
        put(view, "first_output_p50_ms", measured.firstP50Millis());
        put(view, "first_output_p95_ms", measured.firstP95Millis());
        put(view, "total_p50_ms", measured.totalP50Millis());
        put(view, "total_p95_ms", measured.totalP95Millis());
        put(view, "total_p99_ms", measured.totalP99Millis());
        put(view, "tokens_per_second", measured.tokensPerSecond());
        put(view, "quota_left", measured.quotaLeft());
        return view;
    }

    private static void put(ObjectNode view, String field, double value) {
        if (Double.isNaN(value)) {
            view.putNull(field);
        } else {
            view.put(field, value);
        }
    }
}
