package dev.sluice.admin.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RunningGateway;
import dev.sluice.proxy.state.Keeper;
import dev.sluice.proxy.state.KeptReference;
import dev.sluice.store.Database;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What upstreams keep is known again after a restart. */
class DatabaseReferencesTest {
    @ParameterizedTest
    @EnumSource(Vendor.class)
    void whatWasKeptIsFoundAgainOldestFirst(Vendor vendor) throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        KeptReference first = kept("resp_1", now.minusSeconds(2), null);
        KeptReference second = kept("resp_2", now, UUID.randomUUID());
        KeptReference old = kept("resp_0", now.minus(Duration.ofDays(60)), null);
        Database database = TestDatabase.migrated(vendor);
        try (DatabaseReferences references = new DatabaseReferences(database, Clock.systemUTC())) {
            references.start();
            references.keep(List.of(old, first, second));
            references.keep(List.of(first));
            RunningGateway.await("the rows", () -> references.newest(10).size() == 2);

            assertThat(references.newest(10)).containsExactly(first, second);
            assertThat(references.newest(1)).containsExactly(second);
        } finally {
            database.close();
        }
    }

    private static KeptReference kept(String id, Instant at, @Nullable UUID user) {
        Keeper keeper = new Keeper(UUID.randomUUID(), user == null ? null : "second account");
        return new KeptReference(id, "RESPONSE", UUID.randomUUID(), user, keeper, at);
    }
}
