package dev.sluice.proxy.account;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Opening.Reservation;
import dev.sluice.proxy.account.RequestRecord.AttemptRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link RequestRecord} as compact JSON, for the journal. Written field by field, because that
 * happens on event loops; read as a tree, because that does not. {@code v} is the version of this
 * form. Absent fields are null or zero; unknown ones are skipped, so that neighbouring versions
 * read each other. Times are microseconds since the epoch. Half a surrogate pair, which clients can
 * send and UTF-8 cannot say, becomes U+FFFD.
 */
public final class RequestRecordJson {
    private static final int VERSION = 1;
    private static final JsonFactory FACTORY =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build();
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private RequestRecordJson() {}

    public static byte[] write(RequestRecord record) {
        ByteArrayBuilder out = new ByteArrayBuilder(1024);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(record, json);
        }
        return out.toByteArray();
    }

    public static byte[] write(Opening opening) {
        ByteArrayBuilder out = new ByteArrayBuilder(1024);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeName("record");
            write(opening.record(), json);
            json.writeName("reservations");
            json.writeStartArray();
            for (Reservation reservation : opening.reservations()) {
                json.writeStartObject();
                text(json, "scope", reservation.scope());
                text(json, "id", reservation.scopeId().toString());
                text(json, "kind", reservation.kind());
                json.writeNumberProperty("amount", reservation.amount());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /** {@return the record in those bytes} Fails with an unchecked exception if they are none. */
    public static RequestRecord record(byte[] bytes) {
        return record(MAPPER.readTree(bytes));
    }

    /** {@return the opening in those bytes} Fails with an unchecked exception if they are none. */
    public static Opening opening(byte[] bytes) {
        JsonNode tree = MAPPER.readTree(bytes);
        List<Reservation> reservations = new ArrayList<>();
        for (JsonNode entry : tree.path("reservations")) {
            reservations.add(
                    new Reservation(
                            entry.path("scope").asString(),
                            UUID.fromString(entry.path("id").asString()),
                            entry.path("kind").asString(),
                            entry.path("amount").asLong()));
        }
        return new Opening(record(tree.path("record")), reservations);
    }

    private static void write(RequestRecord record, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("v", VERSION);
        text(json, "id", record.id().toString());
        json.writeNumberProperty("at", micros(record.startedAt()));
        asker(json, record.asker());
        asked(json, record.asked());
        served(json, record.served());
        outcome(json, record.outcome());
        number(json, "first", record.timing().firstTokenMicros());
        json.writeNumberProperty("took", record.timing().durationMicros());
        usage(json, record.usage());
        cost(json, record.cost());
        json.writeNumberProperty("in", record.traffic().requestBytes());
        json.writeNumberProperty("out", record.traffic().responseBytes());
        json.writeNumberProperty("chunks", record.traffic().chunks());
        attempts(json, record.attempts());
        if (!record.warnings().isEmpty()) {
            json.writeName("warnings");
            json.writeStartArray();
            record.warnings().forEach(warning -> json.writeString(sound(warning)));
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void asker(JsonGenerator json, RequestRecord.Asker asker) {
        id(json, "key", asker.keyId());
        text(json, "prefix", asker.keyPrefix());
        text(json, "source", asker.sourceLabel());
        id(json, "user", asker.userId());
        id(json, "organization", asker.organizationId());
        text(json, "session", asker.session());
        text(json, "address", asker.clientAddress());
        text(json, "agent", asker.userAgent());
    }

    private static void asked(JsonGenerator json, RequestRecord.Asked asked) {
        text(json, "method", asked.method());
        text(json, "path", asked.path());
        protocol(json, "dialect", asked.protocol());
        text(json, "model", asked.model());
        if (asked.stream()) {
            json.writeBooleanProperty("stream", true);
        }
    }

    private static void served(JsonGenerator json, RequestRecord.Served served) {
        id(json, "upstream", served.upstreamId());
        text(json, "upstreamName", served.upstream());
        text(json, "servedModel", served.model());
        protocol(json, "servedDialect", served.protocol());
        text(json, "target", served.targetUrl());
        text(json, "trail", served.routeTrail());
    }

    private static void outcome(JsonGenerator json, RequestRecord.Outcome outcome) {
        text(json, "ending", outcome.ending().wireName());
        json.writeNumberProperty("status", outcome.status());
        text(json, "fault", outcome.fault() == null ? null : outcome.fault().wireName());
        text(json, "code", outcome.errorCode());
        text(json, "error", outcome.errorText());
    }

    private static void usage(JsonGenerator json, Usage usage) {
        text(json, "usage", usage.origin().name().toLowerCase(Locale.ROOT));
        count(json, "input", usage.inputTotal());
        count(json, "cacheRead", usage.cacheRead());
        count(json, "cacheWrite", usage.cacheWrite());
        count(json, "cacheWriteLong", usage.cacheWriteLong());
        count(json, "output", usage.outputTotal());
        count(json, "reasoning", usage.reasoning());
        count(json, "audio", usage.audio());
        count(json, "images", usage.units().images());
        count(json, "audioMillis", usage.units().audioMillis());
        count(json, "characters", usage.units().characters());
        text(json, "imageSize", usage.units().imageKind().size());
        text(json, "imageQuality", usage.units().imageKind().quality());
    }

    private static void cost(JsonGenerator json, RequestRecord.Cost cost) {
        decimal(json, "inputPrice", cost.inputPrice());
        decimal(json, "cachedInputPrice", cost.cachedInputPrice());
        decimal(json, "cacheWritePrice", cost.cacheWritePrice());
        decimal(json, "outputPrice", cost.outputPrice());
        decimal(json, "requestPrice", cost.requestPrice());
        text(json, "currency", cost.currency());
        number(json, "nanos", cost.nanos());
        decimal(json, "cacheWriteLongPrice", cost.cacheWriteLongPrice());
        decimal(json, "reasoningPrice", cost.reasoningPrice());
        decimal(json, "imagePrice", cost.imagePrice());
        decimal(json, "secondPrice", cost.secondPrice());
        decimal(json, "characterPrice", cost.characterPrice());
    }

    private static void attempts(JsonGenerator json, List<AttemptRecord> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        json.writeName("attempts");
        json.writeStartArray();
        for (AttemptRecord attempt : attempts) {
            json.writeStartObject();
            id(json, "upstream", attempt.upstreamId());
            text(json, "name", attempt.upstream());
            text(json, "model", attempt.model());
            text(json, "key", attempt.keyLabel());
            json.writeNumberProperty("started", attempt.startedMicros());
            json.writeNumberProperty("took", attempt.durationMicros());
            if (attempt.status() != null) {
                json.writeNumberProperty("status", attempt.status());
            }
            text(json, "outcome", attempt.outcome());
            text(json, "error", attempt.errorText());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static RequestRecord record(JsonNode tree) {
        return new RequestRecord(
                UUID.fromString(tree.path("id").asString()),
                Instant.EPOCH.plus(tree.path("at").asLong(), ChronoUnit.MICROS),
                new RequestRecord.Asker(
                        id(tree, "key"),
                        text(tree, "prefix"),
                        text(tree, "source"),
                        id(tree, "user"),
                        id(tree, "organization"),
                        text(tree, "session"),
                        tree.path("address").asString(""),
                        text(tree, "agent")),
                new RequestRecord.Asked(
                        tree.path("method").asString(""),
                        tree.path("path").asString(""),
                        protocol(tree, "dialect"),
                        text(tree, "model"),
                        tree.path("stream").asBoolean(false)),
                new RequestRecord.Served(
                        id(tree, "upstream"),
                        text(tree, "upstreamName"),
                        text(tree, "servedModel"),
                        protocol(tree, "servedDialect"),
                        text(tree, "target"),
                        text(tree, "trail")),
                outcome(tree),
                new RequestRecord.Timing(number(tree, "first"), tree.path("took").asLong(0)),
                usage(tree),
                cost(tree),
                new RequestRecord.Traffic(
                        tree.path("in").asLong(0),
                        tree.path("out").asLong(0),
                        tree.path("chunks").asLong(0)),
                attempts(tree),
                warnings(tree));
    }

    private static RequestRecord.Outcome outcome(JsonNode tree) {
        String fault = text(tree, "fault");
        return new RequestRecord.Outcome(
                Ending.valueOf(tree.path("ending").asString().toUpperCase(Locale.ROOT)),
                tree.path("status").asInt(0),
                fault == null ? null : Fault.valueOf(fault.toUpperCase(Locale.ROOT)),
                text(tree, "code"),
                text(tree, "error"));
    }

    private static Usage usage(JsonNode tree) {
        return new Usage(
                Usage.Origin.valueOf(tree.path("usage").asString("none").toUpperCase(Locale.ROOT)),
                tree.path("input").asLong(0),
                tree.path("cacheRead").asLong(0),
                tree.path("cacheWrite").asLong(0),
                tree.path("cacheWriteLong").asLong(0),
                tree.path("output").asLong(0),
                tree.path("reasoning").asLong(0),
                tree.path("audio").asLong(0),
                new Units(
                        tree.path("images").asLong(0),
                        tree.path("audioMillis").asLong(0),
                        tree.path("characters").asLong(0),
                        new ImageKind(text(tree, "imageSize"), text(tree, "imageQuality"))));
    }

    private static RequestRecord.Cost cost(JsonNode tree) {
        return new RequestRecord.Cost(
                decimal(tree, "inputPrice"),
                decimal(tree, "cachedInputPrice"),
                decimal(tree, "cacheWritePrice"),
                decimal(tree, "outputPrice"),
                decimal(tree, "requestPrice"),
                text(tree, "currency"),
                number(tree, "nanos"),
                decimal(tree, "cacheWriteLongPrice"),
                decimal(tree, "reasoningPrice"),
                decimal(tree, "imagePrice"),
                decimal(tree, "secondPrice"),
                decimal(tree, "characterPrice"));
    }

    private static List<AttemptRecord> attempts(JsonNode tree) {
        List<AttemptRecord> attempts = new ArrayList<>();
        for (JsonNode entry : tree.path("attempts")) {
            attempts.add(
                    new AttemptRecord(
                            id(entry, "upstream"),
                            entry.path("name").asString(""),
                            text(entry, "model"),
                            text(entry, "key"),
                            entry.path("started").asLong(0),
                            entry.path("took").asLong(0),
                            entry.has("status") ? entry.path("status").asInt() : null,
                            entry.path("outcome").asString(""),
                            text(entry, "error")));
        }
        return attempts;
    }

    private static List<String> warnings(JsonNode tree) {
        List<String> warnings = new ArrayList<>();
        tree.path("warnings").forEach(warning -> warnings.add(warning.asString()));
        return warnings;
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, sound(value));
        }
    }

    private static String sound(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return withoutHalves(text);
            }
        }
        return text;
    }

    private static String withoutHalves(String text) {
        return text.codePoints()
                .map(c -> c <= 0xffff && Character.isSurrogate((char) c) ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void id(JsonGenerator json, String name, @Nullable UUID value) {
        if (value != null) {
            json.writeStringProperty(name, value.toString());
        }
    }

    private static void protocol(JsonGenerator json, String name, @Nullable Protocol value) {
        if (value != null) {
            json.writeStringProperty(name, value.wireName());
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Long value) {
        if (value != null) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void count(JsonGenerator json, String name, long value) {
        if (value != 0) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void decimal(JsonGenerator json, String name, @Nullable BigDecimal value) {
        if (value != null) {
            json.writeStringProperty(name, value.toPlainString());
        }
    }

    private static @Nullable String text(JsonNode tree, String name) {
        JsonNode node = tree.path(name);
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable UUID id(JsonNode tree, String name) {
        String text = text(tree, name);
        return text == null ? null : UUID.fromString(text);
    }

    private static @Nullable Protocol protocol(JsonNode tree, String name) {
        String text = text(tree, name);
        return text == null ? null : Protocol.named(text).orElse(null);
    }

    private static @Nullable Long number(JsonNode tree, String name) {
        JsonNode node = tree.path(name);
        return node.isIntegralNumber() ? node.asLong() : null;
    }

    private static @Nullable BigDecimal decimal(JsonNode tree, String name) {
        String text = text(tree, name);
        return text == null ? null : new BigDecimal(text);
    }
}
