package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.Patch;
import dev.sluice.catalog.AddressRange;
import dev.sluice.catalog.KeyRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of a key as JSON, the same in requests, answers and the table: {@code allowed_models},
 * {@code allowed_endpoints} and {@code allowed_addresses}, null for all, and {@code clamps_output}.
 */
final class RulesJson {
    private RulesJson() {}

    /** {@return the rules in that column; null holds none} */
    static KeyRules read(@Nullable String column) {
        return column == null ? KeyRules.NONE : with(KeyRules.NONE, AdminJson.tree(column));
    }

    /** {@return the rules for that column} */
    static @Nullable String text(KeyRules rules) {
        return rules.equals(KeyRules.NONE) ? null : write(rules, AdminJson.object()).toString();
    }

    /** {@return these rules with what the body says in their place} */
    static KeyRules with(KeyRules before, JsonNode body) {
        Patch patch = new Patch(body);
        List<AddressRange> addresses =
                patch.optional("allowed_addresses", before.addresses(), RulesJson::ranges);
        return new KeyRules(
                patch.optional("allowed_models", before.models(), RulesJson::texts),
                patch.optional("allowed_endpoints", before.endpoints(), RulesJson::texts),
                addresses == null ? List.of() : addresses,
                patch.value("clamps_output", before.clampsOutput(), JsonNode::booleanValue));
    }

    static ObjectNode write(KeyRules rules, ObjectNode target) {
        put(target, "allowed_models", rules.models());
        put(target, "allowed_endpoints", rules.endpoints());
        List<String> ranges = rules.addresses().stream().map(AddressRange::toString).toList();
        putList(target, "allowed_addresses", ranges.isEmpty() ? null : ranges);
        return target.put("clamps_output", rules.clampsOutput());
    }

    private static void put(ObjectNode target, String field, @Nullable Set<String> texts) {
        putList(target, field, texts == null ? null : texts.stream().sorted().toList());
    }

    private static void putList(ObjectNode target, String field, @Nullable List<String> texts) {
        if (texts == null) {
            target.putNull(field);
            return;
        }
        ArrayNode array = target.putArray(field);
        texts.forEach(array::add);
    }

    private static Set<String> texts(JsonNode node) {
        Set<String> texts = new LinkedHashSet<>();
        node.forEach(text -> texts.add(text.stringValue()));
        return texts;
    }

    private static List<AddressRange> ranges(JsonNode node) {
        List<AddressRange> ranges = new ArrayList<>();
        node.forEach(text -> ranges.add(range(text, ranges.size())));
        return ranges;
    }

    private static AddressRange range(JsonNode text, int index) {
        try {
            return AddressRange.parse(text.stringValue());
        } catch (IllegalArgumentException notARange) {
            throw AdminException.invalidFields(
                    List.of(
                            new AdminException.FieldProblem(
                                    "ip_range_parsing",
                                    List.of("body", "allowed_addresses", index),
                                    "must be an IP address or a range such as 10.0.0.0/8")));
        }
    }
}
