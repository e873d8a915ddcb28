package dev.sluice.admin.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.admin.TestGateway;
import dev.sluice.store.Vendor;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HashWriterTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(HashWriter.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final TestGateway gateway = new TestGateway(Vendor.SQLITE);

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void close() {
        log.detachAppender(logged);
        gateway.close();
    }

    @Test
    void aStopRightAfterNewKeysIsQuietAndLeavesNoHashHalfDone() throws Exception {
        List<UUID> keys =
                List.of(
                        UUID.fromString(gateway.post("/admin/keys", "{\"name\":\"a\"}").id()),
                        UUID.fromString(gateway.post("/admin/keys", "{\"name\":\"b\"}").id()));
        HashWriter writer = new HashWriter(gateway.database, 8);
        keys.forEach(id -> writer.add(id, digest(id), "sk-auto-" + id));
        writer.close();
        writer.add(keys.getFirst(), digest(keys.getFirst()), "sk-auto-late");

        assertThat(logged.list).isEmpty();
        List<String> hashes =
                gateway.database.read(handle ->
                        handle.createQuery(
                                        "select bcrypt_hash from api_keys where bcrypt_hash"
                                                + " is not null")
                                .mapTo(String.class)
                                .list());
        assertThat(hashes).allMatch(hash -> hash.length() == 60);
    }

    private String digest(UUID id) {
        return gateway.catalogs.current().key(id).orElseThrow().digest().hex();
    }
}
