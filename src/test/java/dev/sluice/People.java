package dev.sluice;

import java.net.http.HttpResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Organizations and people of a gateway, and what they ask it over real sockets. */
final class People {
    static final String PASSWORD = "correct horse battery";

    private final RunningGateway gateway;

    People(RunningGateway gateway) {
        this.gateway = gateway;
    }

    /** Somebody who has signed in. */
    final class Person {
        final String id;
        final String name;
        private final String token;

        private Person(String id, String name, String token) {
            this.id = id;
            this.name = name;
            this.token = token;
        }

        Reply get(String path) throws Exception {
            return ask("GET", path, null);
        }

        Reply post(String path, String body) throws Exception {
            return ask("POST", path, body);
        }

        Reply ask(String method, String path, @Nullable String body) throws Exception {
            return as(token, method, path, body);
        }

        String token() {
            return token;
        }
    }

    /** An answer. */
    record Reply(int status, JsonNode body) {
        static Reply of(HttpResponse<String> answer) {
            return new Reply(
                    answer.statusCode(),
                    answer.body().isEmpty()
                            ? JsonMapper.shared().createObjectNode()
                            : JsonMapper.shared().readTree(answer.body()));
        }

        String text(String field) {
            return body.path(field).asString("");
        }

        String code() {
            return body.at("/error/code").asString("");
        }

        String message() {
            return body.at("/error/message").asString("");
        }
    }

    Reply as(String credential, String method, String path, @Nullable String body)
            throws Exception {
        HttpResponse<String> answer =
                gateway.send(method, path, body, Map.of("authorization", "Bearer " + credential));
        return Reply.of(answer);
    }

    /** {@return the id of a new organization} */
    String organization(String name) throws Exception {
        return made("/admin/organizations", "{\"name\":\"%s\"}".formatted(name)).text("id");
    }

    /**
     * {@return a new user, signed in}
     *
     * @param organization null for one of the gateway as a whole
     */
    Person person(String name, String role, @Nullable String organization) throws Exception {
        Reply user =
                made(
                        "/admin/users",
                        """
                        {"username":"%s","email":"%s@example.com","password":"%s","role":"%s",
                         "organization_id":%s}
                        """
                                .formatted(
                                        name,
                                        name,
                                        PASSWORD,
                                        role,
                                        organization == null ? null : "\"" + organization + "\""));
        return new Person(user.text("id"), name, signIn(name).text("access_token"));
    }

    /** {@return a session's tokens} */
    Reply signIn(String name) throws Exception {
        Reply tokens =
                as(
                        "",
                        "POST",
                        "/auth/login",
                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD));
        if (tokens.status() != 200) {
            throw new AssertionError(tokens.toString());
        }
        return tokens;
    }

    private Reply made(String path, String body) throws Exception {
        Reply made = as(RunningGateway.ADMIN_TOKEN, "POST", path, body);
        if (made.status() != 201) {
            throw new AssertionError(made.toString());
        }
        return made;
    }
}
