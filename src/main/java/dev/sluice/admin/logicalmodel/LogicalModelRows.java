package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.catalog.LogicalModel.Patience;
import dev.sluice.catalog.LogicalModel.Target;
import dev.sluice.catalog.RoutingStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Turns logical models into rows and back. */
final class LogicalModelRows {
    private static final TypeReference<TreeSet<String>> WORDS = new TypeReference<>() {};

    private LogicalModelRows() {}

    static LogicalModelRow row(StoredLogicalModel stored) {
        LogicalModel model = stored.model();
        Hedging hedging = model.hedging();
        return new LogicalModelRow(
                model.id(),
                model.displayName(),
                model.description(),
                AdminJson.text(new TreeSet<>(model.capabilities())),
                model.enabled(),
                model.strategy().wireName(),
                AdminJson.text(model.fallbacks()),
                millis(model.patience().attempt()),
                millis(model.patience().deadline()),
                hedging.enabled(),
                hedging.atLeast().toMillis(),
                hedging.maxExtra(),
                hedging.billsBoth(),
                model.affinity(),
                stored.createdAt(),
                stored.updatedAt());
    }

    static List<LogicalModelRow.TargetRow> targetRows(LogicalModel model) {
        List<LogicalModelRow.TargetRow> rows = new ArrayList<>();
        for (Target target : model.targets()) {
            rows.add(
                    new LogicalModelRow.TargetRow(
                            model.id(),
                            rows.size(),
                            target.upstreamId(),
                            target.model(),
                            target.weight(),
                            target.priority(),
                            target.region()));
        }
        return rows;
    }

    /** {@return the model of a row, with its targets read} */
    static LogicalModel read(LogicalModelStore store, LogicalModelRow row) {
        return new LogicalModel(
                row.id(),
                row.displayName(),
                row.description(),
                AdminJson.MAPPER.readValue(row.capabilities(), WORDS),
                row.isEnabled(),
                RoutingStrategy.named(row.strategy()).orElse(RoutingStrategy.BALANCED),
                store.targets(row.id()).stream().map(LogicalModelRows::target).toList(),
                AdminJson.MAPPER.readValue(row.fallbacks(), Fallbacks.class),
                new Patience(duration(row.attemptTimeoutMillis()), duration(row.deadlineMillis())),
                new Hedging(
                        row.isHedged(),
                        Duration.ofMillis(row.hedgeAtLeastMillis()),
                        row.hedgeMaxExtra(),
                        row.isHedgeBilled()),
                row.hasAffinity());
    }

    private static Target target(LogicalModelRow.TargetRow row) {
        return new Target(
                row.upstreamId(), row.model(), row.weight(), row.priority(), row.region());
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static @Nullable Duration duration(@Nullable Long millis) {
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
