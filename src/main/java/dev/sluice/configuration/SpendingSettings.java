package dev.sluice.configuration;

import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import dev.sluice.proxy.admit.AdmissionPolicy;
import dev.sluice.settings.Values;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the section {@code spending}. */
final class SpendingSettings {
    private static final String PRICES = "spending.prices";
    private static final String RATES = "spending.exchange_rates";
    private static final JsonMapper EXACT =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final Values values;

    SpendingSettings(Values values) {
        this.values = values;
    }

    Settings.Spending read() {
        return new Settings.Spending(
                values.requiredText("spending.currency"),
                exchangeRates(),
                prices(),
                new AdmissionPolicy(
                        values.integer("spending.media_tokens"),
                        values.integer("spending.default_output_tokens"),
                        AdmissionPolicy.STANDARD.smallestClamp(),
                        values.flag("spending.refuse_unpriced")));
    }

    private Map<String, BigDecimal> exchangeRates() {
        Map<String, BigDecimal> rates = new LinkedHashMap<>();
        for (String rate : values.list(RATES)) {
            if (!rate.strip().matches("[A-Z]{3}\\s*=\\s*\\d{1,9}(\\.\\d{1,9})?")) {
                values.wrong(
                        RATES,
                        "A rate is a currency and what one unit of it is worth.",
                        "Write them such as EUR=1.08.");
                return Map.of();
            }
            String[] parts = rate.split("=", 2);
            rates.put(parts[0].strip(), new BigDecimal(parts[1].strip()));
        }
        return rates;
    }

    private List<Price> prices() {
        String text = values.text(PRICES);
        if (text == null) {
            return List.of();
        }
        try {
            JsonNode list = EXACT.readTree(text);
            if (!list.isArray()) {
                throw new IllegalArgumentException("it is no list");
            }
            return PriceJson.readAll(list);
        } catch (JacksonException | IllegalArgumentException wrong) {
            values.wrong(
                    PRICES,
                    wrong instanceof JacksonException
                            ? "It is not JSON."
                            : "It cannot be used: " + wrong.getMessage() + ".",
                    "Write [{\"model\": \"gpt-*\", \"input\": \"1.25\", \"output\": \"10\"}], per million"
                            + " tokens.");
            return List.of();
        }
    }
}
