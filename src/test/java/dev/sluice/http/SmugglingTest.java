package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of which two servers might make two different things (RFC 9112 §11.2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {

    private final AtomicInteger smuggled = new AtomicInteger();
    private Gateway gateway;

    @BeforeAll
    void start() {
        gateway =
                Gateway.with("POST", "/", SmugglingTest::echo)
                        .route("GET", "/", SmugglingTest::echo)
                        .route("GET", "/smuggled", this::smuggled)
                        .route("*", "/any/**", SmugglingTest::echo)
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private void smuggled(Exchange exchange) {
        smuggled.incrementAndGet();
        exchange.respond(Response.json(200, "{}"));
    }

    private static void echo(Exchange exchange) {
        exchange.body()
                .onSuccess(body -> exchange.respond(new Response(200, Headers.EMPTY, body)))
                .onFailure(exchange::fail);
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .replace("\\x0b", "\u000b")
                .replace("~", " ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    CL.TE | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 6\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\nG
                    TE.CL | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 3\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE twice | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE unknown | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE chunked first | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked, gzip\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE with vertical tab | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: \\x0bchunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE space before colon | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding : chunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE in HTTP/1.0 | POST / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    TE and CL in HTTP/1.0 | POST / HTTP/1.0\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    CL twice, different | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabcd
                    CL list, different | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3, 4\\r\\n\\r\\nabcd
                    CL plus | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +5\\r\\n\\r\\nabcde
                    CL minus | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -5\\r\\n\\r\\nabcde
                    CL hexadecimal | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0x5\\r\\n\\r\\nabcde
                    CL empty | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length:\\r\\n\\r\\nabcde
                    CL beyond long | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 18446744073709551621\\r\\n\\r\\nabcde
                    CL space inside | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5 5\\r\\n\\r\\nabcde
                    bare LF in head | POST / HTTP/1.1\\nHost: a\\nContent-Length: 5\\n\\nabcde
                    bare LF after one field | POST / HTTP/1.1\\r\\nHost: a\\nX: y\\r\\nContent-Length: 5\\r\\n\\r\\nabcde
                    bare CR in value | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: y\\rTransfer-Encoding: chunked\\r\\n\\r\\n
                    NUL in value | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: a\\0b\\r\\n\\r\\n
                    NUL in name | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\0: b\\r\\n\\r\\n
                    space before colon | GET / HTTP/1.1\\r\\nHost: a\\r\\nX : b\\r\\n\\r\\n
                    no colon | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\r\\n\\r\\n
                    empty name | GET / HTTP/1.1\\r\\nHost: a\\r\\n: b\\r\\n\\r\\n
                    first field folded | GET / HTTP/1.1\\r\\n~Host: a\\r\\n\\r\\n
                    no Host | GET / HTTP/1.1\\r\\nX: a\\r\\n\\r\\n
                    two Hosts | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
                    space in target | GET /a b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    no version | GET /\\r\\nHost: a\\r\\n\\r\\n
                    odd version | GET / HTTP/1.1x\\r\\nHost: a\\r\\n\\r\\n
                    fragment | GET /#x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    backslash | GET /\\any HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    dot segments | GET /any/../smuggled HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    hidden dot segments | GET /any/%2e%2E%2fsmuggled HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    authority form | GET a:80 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    other scheme | GET ftp://a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    asterisk without OPTIONS | GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
                    """)
    void anAmbiguousRequestIsRefusedAndTheConnectionClosed(String name, String request) {
        assertRefused(name, request, 400);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    CONNECT | CONNECT a:80 HTTP/1.1\\r\\nHost: a:80\\r\\n\\r\\n | 405
                    TRACE | TRACE / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 405
                    TRACE where any method goes | TRACE /any/x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 405
                    HTTP/3 | GET / HTTP/3.0\\r\\nHost: a\\r\\n\\r\\n | 501
                    """)
    void whatTheServerDoesNotSpeakIsRefusedAndTheConnectionClosed(
            String name, String request, int status) {
        assertRefused(name, request, status);
    }

    private void assertRefused(String name, String request, int status) {
        int before = smuggled.get();
        try (RawClient client = gateway.connect()) {
            client.send(unescape(request) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).as(name).isEqualTo(status);
            assertThat(answer.head()).as(name).contains(status == 501 ? "" : "connection: close");
            assertThat(client.isClosedByServer()).as(name).isTrue();
            assertThat(smuggled).as(name).hasValue(before);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    chunk size not hexadecimal | g\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size with prefix | 0x3\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size negative | -3\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size plus | +3\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size beyond int | fffffffff\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size beyond long | 10000000000000003\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk size empty | \\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk longer than its size | 2\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    chunk without its end | 3\\r\\nabcXX0\\r\\n\\r\\n
                    bare LF after size | 3\\nabc\\r\\n0\\r\\n\\r\\n
                    bare LF in extension | 3;a\\nb\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    bare CR in extension | 3;a\\rb\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    space in size | 3 3\\r\\nabc\\r\\n0\\r\\n\\r\\n
                    """)
    void aBrokenChunkNeverEndsInASecondRequest(String name, String body) {
        int before = smuggled.get();
        try (RawClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(unescape(body) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.rest()).as(name).doesNotContain("200 OK");
            assertThat(smuggled).as(name).hasValue(before);
            gateway.awaitRest();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    the same length twice in one list | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\nabcde | abcde
                    chunk extension | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3;a=b\\r\\nabc\\r\\n0\\r\\n\\r\\n | abc
                    trailers | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\nContent-Length: 50\\r\\n\\r\\n | abc
                    TE in other case | POST / HTTP/1.1\\r\\nHost: a\\r\\nTRANSFER-encoding: ChUnKeD\\r\\n\\r\\n1\\r\\na\\r\\n0\\r\\n\\r\\n | a
                    absolute form | POST http://elsewhere/ HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nz | z
                    upgrade is ignored | POST / HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade, HTTP2-Settings\\r\\nUpgrade: h2c\\r\\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\\r\\nContent-Length: 1\\r\\n\\r\\nz | z
                    websocket is ignored | POST / HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nContent-Length: 1\\r\\n\\r\\nz | z
                    folded field is one field | POST / HTTP/1.1\\r\\nHost: a\\r\\nX: y\\r\\n Transfer-Encoding: chunked\\r\\nContent-Length: 1\\r\\n\\r\\nz | z
                    tabs in request line | POST\\t/\\tHTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\nok | ok
                    body on GET | GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\nok | ok
                    """)
    void anUnusualRequestHasOneMeaning(String name, String request, String body) {
        try (RawClient client = gateway.connect()) {
            int before = smuggled.get();
            client.send(unescape(request));
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).as(name).isEqualTo(200);
            assertThat(answer.body()).as(name).isEqualTo(body);
            client.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).as(name).isEqualTo(200);
            assertThat(smuggled).as(name).hasValue(before + 1);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (RawClient client = gateway.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                requests.append("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
                        .append(10 + i);
            }
            client.send(requests.toString());
            for (int i = 0; i < 20; i++) {
                assertThat(client.answer().body()).isEqualTo(Integer.toString(10 + i));
            }
        }
    }
}
