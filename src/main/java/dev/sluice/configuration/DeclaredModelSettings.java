package dev.sluice.configuration;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.logicalmodel.DeclaredModels;
import dev.sluice.admin.openapi.Contract;
import dev.sluice.admin.openapi.OpenApi;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.settings.Values;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the section {@code routing}. */
final class DeclaredModelSettings {
    private static final String SETTING = "routing.models";
    private static final String CLIENT_IDS = "routing.client_request_ids";
    private static final String CURE =
            "Write [{\"id\": \"fast\", \"targets\": [{\"upstream\": \"main\", \"model\": \"gpt-5-mini\"}]}]; what"
                    + " a model may say is what POST /admin/models takes.";

    private final Values values;

    DeclaredModelSettings(Values values) {
        this.values = values;
    }

    Settings.Routes read() {
        return new Settings.Routes(models(), values.flag(CLIENT_IDS));
    }

    private List<DeclaredModel> models() {
        String text = values.text(SETTING);
        if (text == null) {
            return List.of();
        }
        try {
            JsonNode list = JsonMapper.shared().readTree(text);
            if (!list.isArray()) {
                values.wrong(SETTING, "It is no list.", CURE);
                return List.of();
            }
            return DeclaredModels.read(list, new Contract(OpenApi.bundled()));
        } catch (JacksonException notJson) {
            values.wrong(SETTING, "It is not JSON.", CURE);
        } catch (AdminException wrong) {
            values.wrong(SETTING, wrong.getMessage() + ".", CURE);
        }
        return List.of();
    }
}
