package dev.sluice.admin.session;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.user.UserResource;
import dev.sluice.admin.user.Users;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /auth}: signing in and out. */
public final class SessionResource {
    private final Sessions sessions;

    public SessionResource(Sessions sessions) {
        this.sessions = sessions;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/auth/login", AdminRule.PUBLIC, this::login),
                gate.route("POST", "/auth/refresh", AdminRule.PUBLIC, this::refresh),
                gate.route("POST", "/auth/logout", AdminRule.SIGNED_IN, this::logout),
                gate.route("POST", "/auth/password", AdminRule.SIGNED_IN, this::password),
                gate.route("GET", "/auth/me", AdminRule.SIGNED_IN, this::me),
                gate.route("GET", "/auth/sessions", AdminRule.SIGNED_IN, this::list),
                gate.route("DELETE", "/auth/sessions/{id}", AdminRule.SIGNED_IN, this::end));
    }

    Response login(AdminRequest request) {
        JsonNode body = request.body();
        JsonNode name = body.has("username") ? body.path("username") : body.path("email");
        if (!name.isString()) {
            throw AdminException.invalidField("username", "missing", "or email is missing");
        }
        boolean browser = body.path("browser").asBoolean(false);
        Sessions.Begun begun =
                sessions.begin(
                        name.stringValue(),
                        body.path("password").stringValue(),
                        new Sessions.Origin(
                                request.actor().address(),
                                request.headers().get("user-agent"),
                                browser));
        return browser ? cookie(begun, request) : tokens(begun);
    }

    private Response cookie(Sessions.Begun begun, AdminRequest request) {
        ObjectNode body =
                AdminJson.object()
                        .put("csrf_token", sessions.csrfToken(begun.session()))
                        .put("expires_in", begun.lifetime().toSeconds());
        body.set("user", UserResource.view(begun.user()));
        return uncached(body)
                .with(
                        "set-cookie",
                        SessionCookie.set(begun.access(), begun.lifetime(), request.isSecure()));
    }

    private static Response tokens(Sessions.Begun begun) {
        return uncached(
                AdminJson.object()
                        .put("access_token", begun.access())
                        .put("refresh_token", begun.refresh())
                        .put("token_type", "bearer")
                        .put("expires_in", begun.lifetime().toSeconds()));
    }

    private static Response uncached(ObjectNode body) {
        return Response.json(200, body.toString()).with("cache-control", "no-store");
    }

    Response refresh(AdminRequest request) {
        return tokens(sessions.renew(request.body().path("refresh_token").stringValue()));
    }

    Response logout(AdminRequest request) {
        sessions.end(request.actor());
        return Response.json(
                        200, AdminJson.object().put("message", "The session has ended").toString())
                .with("set-cookie", SessionCookie.cleared(request.isSecure()));
    }

    Response password(AdminRequest request) {
        sessions.changePassword(
                request.actor(),
                request.body().path("current_password").stringValue(),
                Users.newPassword(request.body(), "new_password"));
        return Response.empty(204).with("set-cookie", SessionCookie.cleared(request.isSecure()));
    }

    /** The own sessions that live. */
    Response list(AdminRequest request) {
        Actor actor = request.actor();
        return sessions.alive(actor, request).response(row -> view(row, actor.session()));
    }

    private static ObjectNode view(SessionRow row, @Nullable UUID current) {
        return AdminJson.object()
                .put("id", row.id().toString())
                .put("kind", row.kind())
                .put("client_address", row.clientAddress())
                .put("user_agent", row.userAgent())
                .put("created_at", row.createdAt().toString())
                .put("expires_at", row.expiresAt().toString())
                .put("is_current", row.id().equals(current));
    }

    Response end(AdminRequest request) {
        sessions.end(request.actor(), request.id());
        return Response.empty(204);
    }

    Response me(AdminRequest request) {
        Actor actor = request.actor();
        ObjectNode view = UserResource.view(sessions.who(actor));
        if (actor.session() != null && SessionCookie.of(request.headers()) != null) {
            view.put("csrf_token", sessions.csrfToken(actor.session()));
        }
        return uncached(view);
    }
}
