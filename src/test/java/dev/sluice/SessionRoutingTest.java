package dev.sluice;

import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Where sessions go, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionRoutingTest {
    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aSessionStaysAndMovesWithAFailover() throws Exception {
        String ill = gateway.simulated("ill");
        String model =
                gateway.model("", ill + " sim-1!status=500,fail-first=1,tag=" + ill, "spare sim-1");

        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "s"))).isEqualTo("spare");
        for (int i = 0; i < 5; i++) {
            assertThat(servedBy(gateway.ask(model, true, "x-session-id", "s"))).isEqualTo("spare");
        }
        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "another"))).isEqualTo(ill);
        JsonNode sessions = gateway.running.admin("GET", "/admin/sessions", null);
        assertThat(sessions.path("items").toString()).contains("\"s\"", "\"another\"");
    }

    @Test
    void aSessionThatAFallbackHasServedStaysThereWhileThatIsWell() throws Exception {
        String first = gateway.simulated("first");
        String other = gateway.simulated("other");
        String fallback = gateway.model("", other + " sim-1");
        String model =
                gateway.model(
                        ",\"fallbacks\":[\"" + fallback + "\"]",
                        first + " sim-1!status=500,fail-first=1,tag=" + first);

        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "f"))).isEqualTo(other);
        for (int i = 0; i < 5; i++) {
            assertThat(servedBy(gateway.ask(model, true, "x-session-id", "f"))).isEqualTo(other);
        }
        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "new"))).isEqualTo(first);
    }

    @Test
    void aSessionThatIsUnboundIsRoutedAnew() throws Exception {
        String first = gateway.simulated("first");
        String model =
                gateway.model(
                        "", first + " sim-1!status=500,fail-first=1,tag=" + first, "spare sim-1");
        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "gone"))).isEqualTo("spare");
        JsonNode items = gateway.running.admin("GET", "/admin/sessions", null).path("items");
        JsonNode session =
                items.valueStream()
                        .filter(one -> one.path("session").asString().equals("gone"))
                        .findFirst()
                        .orElseThrow();
        gateway.running.admin(
                "DELETE", "/admin/sessions/" + session.path("key_id").asString() + "/gone", null);
        assertThat(servedBy(gateway.ask(model, false, "x-session-id", "gone"))).isEqualTo(first);
    }
}
