package dev.sluice.http.engine.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.HttpFailure;
import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    private enum Open implements Rule {
        RULE
    }

    private static final RouteTable TABLE =
            table(
                    "GET /",
                    "GET /v1/models",
                    "GET /v1/models/{id}",
                    "POST /v1/chat/completions",
                    "GET /admin/keys",
                    "POST /admin/keys",
                    "PATCH /admin/keys/{id}",
                    "DELETE /admin/keys/{id}",
                    "POST /admin/keys/rotate",
                    "GET /admin/keys/{id}/usage",
                    "POST /v1beta/models/{model...}:generateContent",
                    "POST /v1beta/models/{model...}:streamGenerateContent",
                    "GET /v1beta/models/{model...}",
                    "GET /files/{name}.json",
                    "* /proxy/v1/**",
                    "POST /proxy/v1/chat/completions",
                    "GET /proxy/v1/{anything}",
                    "GET /ui/**");

    private static RouteTable table(String... lines) {
        return new RouteTable(
                List.of(lines).stream()
                        .map(line -> line.split(" ", 2))
                        .map(line -> new Route(line[0], line[1], Open.RULE, _ -> {}))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET    | /                                      | /                              | {}
                    GET    | /v1/models                             | /v1/models                     | {}
                    HEAD   | /v1/models                             | /v1/models                     | {}
                    GET    | /v1/models/gpt                         | /v1/models/{id}                | {id=gpt}
                    GET    | /v1/models/a%2Fb%20c+d                 | /v1/models/{id}                | {id=a/b c+d}
                    GET    | /v1/models/%E2%82%AC                   | /v1/models/{id}                | {id=€}
                    POST   | /admin/keys/rotate                     | /admin/keys/rotate             | {}
                    PATCH  | /admin/keys/rotate                     | /admin/keys/{id}               | {id=rotate}
                    GET    | /admin/keys/7/usage                    | /admin/keys/{id}/usage         | {id=7}
                    GET    | /files/a.b.json                        | /files/{name}.json             | {name=a.b}
                    POST   | /v1beta/models/gemini:generateContent  | /v1beta/models/{model...}:generateContent | {model=gemini}
                    POST   | /v1beta/models/up/org/m:x:generateContent | /v1beta/models/{model...}:generateContent | {model=up/org/m:x}
                    POST   | /v1beta/models/m:streamGenerateContent | /v1beta/models/{model...}:streamGenerateContent | {model=m}
                    GET    | /v1beta/models/up%2Fm                  | /v1beta/models/{model...}      | {model=up/m}
                    GET    | /ui/                                   | /ui/**                         | {**=}
                    GET    | /ui                                    | /ui/**                         | {**=}
                    GET    | /ui/a%2Fb/c                            | /ui/**                         | {**=a%2Fb/c}
                    PUT    | /proxy/v1/x/y                          | /proxy/v1/**                   | {**=x/y}
                    POST   | /proxy/v1/chat/completions             | /proxy/v1/chat/completions     | {}
                    GET    | /proxy/v1/one                          | /proxy/v1/{anything}           | {anything=one}
                    DELETE | /proxy/v1/one                          | /proxy/v1/**                   | {**=one}
                    """)
    void theMostSpecificTemplateWins(
            String method, String path, String template, String parameters) {
        RouteTable.Match match = TABLE.match(method, path);
        assertThat(match).isInstanceOf(RouteTable.Match.Found.class);
        RouteTable.Match.Found found = (RouteTable.Match.Found) match;
        assertThat(found.route().template()).isEqualTo(template);
        assertThat(found.parameters().toString()).isEqualTo(parameters);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1",
                "/v1/",
                "/v1//models",
                "/v1/models/",
                "/v1/models/a/b",
                "/V1/models",
                "/files/.json",
                "/v1/chat%2Fcompletions",
                "//"
            })
    void aPathThatIsNotThereIsUnknown(String path) {
        assertThat(TABLE.match("GET", path)).isEqualTo(new RouteTable.Match.Unknown());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PUT     | /admin/keys              | GET, HEAD, POST
                    POST    | /v1/models/gpt           | GET, HEAD
                    GET     | /admin/keys/7            | DELETE, PATCH
                    CONNECT | /proxy/v1/x/y            | DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT
                    """)
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allow) {
        assertThat(TABLE.match(method, path)).isEqualTo(new RouteTable.Match.WrongMethod(allow));
    }

    @Test
    void aBadEscapeIsRefused() {
        assertThatThrownBy(() -> TABLE.match("GET", "/v1/models/%zz"))
                .isInstanceOfSatisfying(
                        HttpFailure.class, failure -> assertThat(failure.status()).isEqualTo(400));
        assertThat(TABLE.match("GET", "/ui/%zz"))
                .isInstanceOfSatisfying(
                        RouteTable.Match.Found.class,
                        found -> assertThat(found.parameters()).isEqualTo(Map.of("**", "%zz")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/models", "/a/**/b", "/a/{b...}/c", "/a/{b", "/a}", "/x{a}"})
    void aMalformedTemplateIsRefusedAtStart(String template) {
        assertThatThrownBy(() -> table("GET " + template))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
