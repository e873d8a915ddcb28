package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway on PostgreSQL whose database is paused, slow, full, read-only, out of connections, or
 * replaced: calls go on, the control plane says 503 in time, and no record is lost or doubled.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresqlOutageTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String ENCRYPTION_KEY = "bM2lW7y8L1i6jvXh7Gx2uE3QyC9oZ0pT5aRkN4sVdFg=";

    private final Set<String> called = new HashSet<>();
    private Path folder;
    private EmbeddedPostgres server;
    private TcpProxy proxy;
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        folder = data;
        server = started(data.resolve("first"));
        proxy = new TcpProxy(server.getPort());
        gateway =
                RunningGateway.in(
                        data.resolve("gateway"),
                        Map.of(
                                "DATABASE_URL",
                                "postgresql+psycopg://postgres@127.0.0.1:"
                                        + proxy.port()
                                        + "/postgres?socketTimeout=3",
                                "ENCRYPTION_KEY",
                                ENCRYPTION_KEY));
        call();
        var _ = new People(gateway).person("ada", "viewer", null);
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
        proxy.close();
        server.close();
    }

    @Test
    void aPausedServer() throws Exception {
        assertThat(signIn("ada")).isEqualTo(200);
        signal("STOP");
        try {
            callsGoOnWhileNothingIsStored();
            assertThat(signIn("ada")).as("nothing is wrong with the password").isEqualTo(503);
            assertThat(signIn("nobody")).as("nobody knows that").isEqualTo(503);
        } finally {
            signal("CONT");
        }
        everythingIsThereOnce();
        assertThat(signIn("ada")).isEqualTo(200);
    }

    @Test
    void aSlowServer() throws Exception {
        proxy.delay(Duration.ofMillis(1_500));
        try {
            callsGoOn();
            assertThat(adminStatus()).isIn(200, 503);
        } finally {
            proxy.delay(Duration.ZERO);
        }
        everythingIsThereOnce();
    }

    @Test
    void aServerWithoutAConnectionLeft() throws Exception {
        List<Connection> hogs = new ArrayList<>();
        try {
            takeAllConnections(hogs);
            callsGoOnWhileNothingIsStored();
        } finally {
            for (Connection hog : hogs) {
                hog.close();
            }
        }
        everythingIsThereOnce();
    }

    @Test
    void aFullDisk() throws Exception {
        sql(
                """
                create function no_room() returns trigger language plpgsql as
                $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$\
                """,
                "create trigger full_logs before insert on request_logs execute function no_room()",
                "create trigger full_keys before insert or update on api_keys"
                        + " execute function no_room()");
        try {
            callsGoOn();
            RunningGateway.await("the state to be shown", () -> !isReady("database"));
            assertThat(metric("sluice_database_up")).isZero();
            assertThat(metric("sluice_database_answering")).isEqualTo(1);
            assertThat(create().statusCode()).isEqualTo(503);
        } finally {
            sql(
                    "drop trigger full_logs on request_logs",
                    "drop trigger full_keys on api_keys",
                    "drop function no_room()");
        }
        everythingIsThereOnce();
        assertThat(metric("sluice_journal_set_aside")).isZero();
    }

    @Test
    void aServerThatHasBecomeReadOnly() throws Exception {
        sql("alter database postgres set default_transaction_read_only = on");
        endConnections();
        try {
            callsGoOn();
            RunningGateway.await("the state to be shown", () -> !isReady("database"));
            assertThat(create().statusCode()).isEqualTo(503);
        } finally {
            sql(
                    "set default_transaction_read_only = off",
                    "alter database postgres reset default_transaction_read_only");
            endConnections();
        }
        everythingIsThereOnce();
    }

    @Test
    void aServerThatIsReplacedByItsCopy() throws Exception {
        proxy.refuse(true);
        callsGoOnWhileNothingIsStored();
        server.close();
        EmbeddedPostgres copy = started(copied(folder.resolve("first"), folder.resolve("second")));
        server = copy;
        proxy.to(copy.getPort());
        proxy.refuse(false);
        everythingIsThereOnce();
    }

    private void callsGoOnWhileNothingIsStored() throws Exception {
        callsGoOn();
        RunningGateway.await("the state to be shown", () -> !isReady("database"));
        assertThat(metric("sluice_database_up")).isZero();
        assertThat(adminStatus()).isEqualTo(503);
        callsGoOn();
    }

    private int signIn(String name) throws Exception {
        return gateway.send(
                        "POST",
                        "/auth/login",
                        "{\"username\":\"%s\",\"password\":\"%s\"}"
                                .formatted(name, People.PASSWORD),
                        Map.of())
                .statusCode();
    }

    private void callsGoOn() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            long began = System.nanoTime();
            call();
            millis.add((System.nanoTime() - began) / 1_000_000);
        }
        assertThat(millis.stream().sorted().toList().get(5)).as("%s", millis).isLessThan(500);
        assertThat(gateway.chat(HELLO, "authorization", "Bearer sk-auto-nobody").statusCode())
                .isEqualTo(401);
        assertThat(JSON.readTree(ready().body()).path("ready").asBoolean()).isTrue();
        assertThat(ready().statusCode()).isEqualTo(200);
        assertThat(gateway.send("GET", "/health", null, Map.of()).statusCode()).isEqualTo(200);
    }

    private void call() throws Exception {
        HttpResponse<String> answer = gateway.chat(HELLO);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        called.add(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    /** {@return what the control plane answers, within its bound} */
    private int adminStatus() throws Exception {
        long began = System.nanoTime();
        HttpResponse<String> answer =
                gateway.send(
                        "GET",
                        "/admin/keys",
                        null,
                        Map.of("authorization", "Bearer " + RunningGateway.ADMIN_TOKEN));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        if (answer.statusCode() == 503) {
            assertThat(answer.body()).contains("database_unavailable");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
        }
        return answer.statusCode();
    }

    private HttpResponse<String> create() throws Exception {
        return gateway.send(
                "POST",
                "/admin/keys",
                "{\"name\":\"one more\"}",
                Map.of("authorization", "Bearer " + RunningGateway.ADMIN_TOKEN));
    }

    private void everythingIsThereOnce() throws Exception {
        RunningGateway.await("the database to be well", () -> isReady("database"));
        RunningGateway.await("all records", () -> metric("sluice_journal_lag") == 0);
        RunningGateway.await("every record once", () -> recorded().containsAll(called));
        assertThat(metric("sluice_database_up")).isEqualTo(1);
        assertThat(adminStatus()).isEqualTo(200);
    }

    private Set<String> recorded() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select id from request_logs")) {
            Set<String> ids = new HashSet<>();
            while (rows.next()) {
                assertThat(ids.add(rows.getString(1))).as("no record twice").isTrue();
            }
            return ids;
        } catch (SQLException away) {
            throw new IllegalStateException(away);
        }
    }

    private boolean isReady(String part) {
        try {
            JsonNode parts = JSON.readTree(ready().body()).path("parts");
            return parts.path(part).path("well").asBoolean();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private HttpResponse<String> ready() throws Exception {
        return gateway.send("GET", "/ready", null, Map.of());
    }

    private double metric(String name) {
        try {
            return gateway.send("GET", "/metrics", null, Map.of())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Ends the gateway's connections, and takes what the server has left. */
    private void takeAllConnections(List<Connection> hogs) throws SQLException {
        hogs.add(connect());
        while (true) {
            try {
                hogs.add(connect());
            } catch (SQLException full) {
                try (Statement statement = hogs.getFirst().createStatement()) {
                    var ended =
                            statement.executeQuery(
                                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                            + " where application_name = 'sluice'");
                    ended.next();
                    if (ended.getInt(1) == 0) {
                        return;
                    }
                }
            }
        }
    }

    private void endConnections() throws SQLException {
        sql(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'sluice'");
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres");
    }

    /** Sends a signal to the server's own processes. */
    private void signal(String name) throws Exception {
        Path data = folder.resolve(Files.exists(folder.resolve("second")) ? "second" : "first");
        long postmaster =
                Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        ProcessHandle parent = ProcessHandle.of(postmaster).orElseThrow();
        Stream.concat(Stream.of(parent), parent.descendants())
                .forEach(process -> command.add(Long.toString(process.pid())));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static EmbeddedPostgres started(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "15")
                .setServerConfig("superuser_reserved_connections", "0")
                .start();
    }

    private static Path copied(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().equals("postmaster.pid")) {
                    Files.copy(
                            file,
                            to.resolve(from.relativize(file)),
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return to;
    }
}
