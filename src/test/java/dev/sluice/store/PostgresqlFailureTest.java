package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class PostgresqlFailureTest {

    @Test
    void aServerThatIsAwayIsUnavailableAndOpeningDoesNotWaitForIt() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Database database =
                Database.open(
                        "postgresql://someone:hunter22secret@127.0.0.1:" + port + "/db",
                        Clock.systemUTC())) {
            assertThat(database.answers()).isFalse();
            assertThatThrownBy(() -> database.read(handle -> handle.execute("select 1")))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageNotContaining("hunter22secret");
            assertThatThrownBy(() -> database.migrations().status())
                    .isInstanceOf(DatabaseUnavailable.class);
        }
    }

    @Test
    void connectionsThatTheServerEndedAreReplaced() {
        try (Database database = TestDatabase.migrated(Vendor.POSTGRESQL)) {
            assertThat(database.answers()).isTrue();
            assertThatThrownBy(() ->
                            database.update(handle ->
                                    handle.execute(
                                            "select pg_terminate_backend(pg_backend_pid())")))
                    .isInstanceOf(DatabaseUnavailable.class);
            assertThat(database.answers()).isTrue();
        }
    }
}
