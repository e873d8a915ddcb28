package dev.sluice.admin.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.snapshot.CatalogSnapshot;
import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BootstrapTest {
    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private final Encryption encryption = new Encryption(Encryption.generateKey(random), random);

    private CatalogSnapshot snapshot() {
        return new CatalogSnapshot(
                folder.resolve("snapshot"), encryption::encrypt, encryption::decrypt);
    }

    private Bootstrap bootstrap(Database database, Encryption with) {
        return new Bootstrap(
                database, new UpstreamKeeping(with), snapshot(), random, Clock.systemUTC());
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void theDigestKeyIsMadeOnceAndStoredEncrypted(Vendor vendor) {
        try (Database database = Database.open(TestDatabase.freshUrl(vendor), Clock.systemUTC())) {
            Bootstrap.Started first = bootstrap(database, encryption).start();
            assertThat(first.digestKey()).hasSize(32);
            assertThat(first.isFromSnapshot()).isFalse();
            assertThat(bootstrap(database, encryption).start().digestKey())
                    .isEqualTo(first.digestKey());
            Encryption other = new Encryption(Encryption.generateKey(random), random);
            assertThatThrownBy(() -> bootstrap(database, other).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ENCRYPTION_KEY");
        }
    }

    @Test
    void aDatabaseThatIsAwayIsReplacedByTheSnapshotUntilItIsBack() throws Exception {
        try (Door door = new Door()) {
            String url = "postgresql://postgres@127.0.0.1:" + door.port() + "/" + databaseName();
            try (Database database = Database.open(url, Clock.systemUTC())) {
                assertThatThrownBy(() -> bootstrap(database, encryption).start())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("snapshot");

                byte[] digestKey = prepared(door, database);
                door.shut();
                snapshot().write(new CatalogSnapshot.Snapshot(digestKey, Catalog.EMPTY));
                Bootstrap bootstrap = bootstrap(database, encryption);
                Bootstrap.Started started = bootstrap.start();
                assertThat(started.isFromSnapshot()).isTrue();

                Catalogs catalogs = new Catalogs(started.catalog());
                try (CatalogRefresh refresh =
                        new CatalogRefresh(
                                bootstrap,
                                started,
                                new CatalogChanges(database, catalogs),
                                catalogs,
                                Duration.ofMillis(100))) {
                    refresh.start();
                    assertThat(refresh.isFromSnapshot()).isTrue();
                    door.open();
                    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                    while (refresh.isFromSnapshot() && System.nanoTime() < deadline) {
                        Thread.onSpinWait();
                    }
                    assertThat(refresh.isFromSnapshot()).isFalse();
                    assertThat(catalogs.current().version()).isPositive();
                }
            }
        }
    }

    private byte[] prepared(Door door, Database database) {
        door.open();
        return bootstrap(database, encryption).start().digestKey();
    }

    private static String databaseName() {
        String url = TestDatabase.freshUrl(Vendor.POSTGRESQL);
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** A relay before PostgreSQL that can be shut: then nothing answers. */
    private static final class Door implements AutoCloseable {
        private final ServerSocket server;
        private final java.util.Set<Socket> sockets =
                java.util.concurrent.ConcurrentHashMap.newKeySet();
        private volatile boolean isOpen;

        Door() throws IOException {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.startVirtualThread(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void open() {
            isOpen = true;
        }

        void shut() {
            isOpen = false;
            sockets.forEach(Door::closeQuietly);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = server.accept();
                    if (!isOpen) {
                        client.close();
                        continue;
                    }
                    Socket target =
                            new Socket(InetAddress.getLoopbackAddress(), TestDatabase.port());
                    sockets.add(client);
                    sockets.add(target);
                    Thread.startVirtualThread(() -> copy(client, target));
                    Thread.startVirtualThread(() -> copy(target, client));
                }
            } catch (IOException closed) {
                assertThat(server.isClosed()).isTrue();
            }
        }

        private static void copy(Socket from, Socket to) {
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException _) {
                closeQuietly(to);
            }
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            shut();
        }
    }
}
