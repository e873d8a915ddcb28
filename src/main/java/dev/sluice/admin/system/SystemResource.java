package dev.sluice.admin.system;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /system}: the very first set-up. */
public final class SystemResource {
    private static final int DEFAULT_LENGTH = 64;
    private static final int SHORTEST_KEY = 32;
    private static final int FEWEST_CHARACTERS = 20;

    private final FirstOwner firstOwner;
    private final SecureRandom random;

    public SystemResource(FirstOwner firstOwner, SecureRandom random) {
        this.firstOwner = firstOwner;
        this.random = random;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/system/admin/init", AdminRule.PUBLIC, this::init),
                gate.route("POST", "/system/secret-key/generate", AdminRule.SETUP, this::generate),
                gate.route("POST", "/system/key/validate", AdminRule.SETUP, this::validate));
    }

    Response init(AdminRequest request) {
        FirstOwner.Made made =
                firstOwner.make(
                        request.body().path("username").stringValue(),
                        request.body().path("email").stringValue(),
                        request.body().path("display_name").asString("System Administrator"));
        return once(
                AdminJson.object()
                        .put("username", made.username())
                        .put("email", made.email())
                        .put("password", made.password())
                        .put("api_key", made.apiKey()));
    }

    Response generate(AdminRequest request) {
        byte[] bytes = new byte[request.body().path("length").asInt(DEFAULT_LENGTH)];
        random.nextBytes(bytes);
        return once(
                AdminJson.object().put("secret_key", Base64.getUrlEncoder().encodeToString(bytes)));
    }

    Response validate(AdminRequest request) {
        String key = request.body().path("key").stringValue();
        boolean valid =
                key.length() >= SHORTEST_KEY && key.chars().distinct().count() >= FEWEST_CHARACTERS;
        return once(
                AdminJson.object()
                        .put("is_valid", valid)
                        .put(
                                "message",
                                valid
                                        ? "The key is long and varied enough"
                                        : "A key needs at least %d characters, %d of them different"
                                                .formatted(SHORTEST_KEY, FEWEST_CHARACTERS)));
    }

    private static Response once(ObjectNode body) {
        return Response.json(200, body.toString()).with("cache-control", "no-store");
    }
}
