package dev.sluice.admin.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.store.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Vendor.class)
class LogResourceTest {
    private static final Instant NOW = TestGateway.START;
    private static final UUID KEY = UUID.randomUUID();
    private final TestGateway gateway;

    LogResourceTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<RequestRecord> write(int count) {
        List<RequestRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(TestRecords.completed(NOW.plusSeconds(i), KEY, "m" + i % 2));
        }
        gateway.records.write("node", count, records);
        return records;
    }

    @Test
    void aRecordShowsWhatHappened() {
        RequestRecord record =
                TestRecords.record(UUID.randomUUID(), NOW, KEY, "gpt", Ending.TIMED_OUT, 504);
        gateway.records.write("node", 1, List.of(record));
        JsonNode view = gateway.get("/admin/logs/" + record.id()).body();
        assertThat(view.path("id").stringValue()).isEqualTo(record.id().toString());
        assertThat(view.path("created_at").stringValue()).isEqualTo("2026-05-01T10:00:00Z");
        assertThat(view.path("api_key_id").stringValue()).isEqualTo(KEY.toString());
        assertThat(view.path("status_code").intValue()).isEqualTo(504);
        assertThat(view.path("ending").stringValue()).isEqualTo("timed_out");
        assertThat(view.path("fault").stringValue()).isEqualTo("upstream");
        assertThat(view.path("duration_ms").intValue()).isEqualTo(20);
        assertThat(view.path("first_token_ms").intValue()).isEqualTo(2);
        assertThat(view.path("prompt_tokens").intValue()).isEqualTo(10);
        assertThat(view.path("total_tokens").intValue()).isEqualTo(30);
        assertThat(view.path("usage").path("cache_read_tokens").intValue()).isEqualTo(4);
        assertThat(view.path("cost").path("nanos").intValue()).isEqualTo(13_500);
        assertThat(view.path("cost").path("input_price").stringValue()).isEqualTo("0.15");
        assertThat(view.path("warnings").toString()).isEqualTo("[\"dropped:seed\"]");
        assertThat(view.path("attempts").path(0).path("upstream").stringValue()).isEqualTo("main");
        assertThat(view.path("attempts").path(0).path("duration_micros").intValue())
                .isEqualTo(20_000);
        assertThat(gateway.get("/admin/logs/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void pagesAndCursorsShowTheSameRecordsNewestFirst() {
        List<String> newestFirst =
                write(7).reversed().stream().map(record -> record.id().toString()).toList();
        JsonNode page = gateway.get("/admin/logs?page=2&page_size=3").body();
        assertThat(ids(page)).isEqualTo(newestFirst.subList(3, 6));
        assertThat(page.path("total").intValue()).isEqualTo(7);
        assertThat(page.path("total_pages").intValue()).isEqualTo(3);

        List<String> seen = new ArrayList<>();
        String target = "/admin/logs?page_size=3";
        for (String cursor = ""; cursor != null; ) {
            JsonNode body = gateway.get(target + cursor).body();
            seen.addAll(ids(body));
            cursor = next(body);
        }
        assertThat(seen).isEqualTo(newestFirst);
    }

    private static @Nullable String next(JsonNode body) {
        JsonNode next = body.path("next_cursor");
        return next.isNull() ? null : "&cursor=" + next.stringValue();
    }

    private static List<String> ids(JsonNode body) {
        return body.path("items").valueStream().map(item -> item.path("id").stringValue()).toList();
    }

    @Test
    void filtersWorkByParameter() {
        write(4);
        assertThat(total("model=m1")).isEqualTo(2);
        assertThat(total("api_key_id=" + KEY)).isEqualTo(4);
        assertThat(total("api_key_id=" + UUID.randomUUID())).isZero();
        assertThat(total("upstream_id=" + TestRecords.UPSTREAM + "&status_code=200")).isEqualTo(4);
        assertThat(total("ending=failed")).isZero();
        assertThat(total("start_time=2026-05-01T10:00:02Z")).isEqualTo(2);
        assertThat(total("start_time=2026-05-01T12:00:02%2B02:00")).isEqualTo(2);
        assertThat(total("end_time=2026-05-01T10:00:02")).isEqualTo(3);
        assertThat(total("end_time=2026-05-01")).isZero();
    }

    private int total(String query) {
        return gateway.get("/admin/logs?" + query).body().path("total").asInt(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "start_time=yesterday, 400, start_time",
        "end_time=12, 400, end_time",
        "cursor=nonsense, 400, cursor",
        "api_key_id=7, 422, api_key_id",
        "status_code=abc, 422, status_code",
        "ending=fine, 422, ending",
        "page=9999999, 422, page",
    })
    void aBadParameterIsRefusedAndNamed(String query, int status, String param) {
        Reply reply = gateway.get("/admin/logs?" + query);
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.param()).isEqualTo(param);
    }
}
