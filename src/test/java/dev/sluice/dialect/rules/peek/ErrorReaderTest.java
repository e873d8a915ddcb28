package dev.sluice.dialect.rules.peek;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    {"error":{"message":"m","type":"t","param":"p","code":"c"}}          | 400 | t                  | c               | m   | p
                    {"error":{"message":"m","type":null,"param":null,"code":null}}       | 400 | -                  | -               | m   | -
                    {"error":{"code":429,"message":"m","metadata":{"raw":"r"}}}          | 429 | -                  | 429             | m: r | -
                    {"error":{"message":"m","metadata":{"raw":"{\\"error\\":{\\"message\\":\\"inner\\"}}"}}} | 0 | - | - | m: inner | -
                    [{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]   | 400 | INVALID_ARGUMENT   | 400             | m   | -
                    {"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}} | 400 | INVALID_ARGUMENT | API_KEY_INVALID | m | -
                    {"type":"error","error":{"type":"overloaded_error","message":"m"}}   | 529 | overloaded_error   | -               | m   | -
                    {"type":"response.failed","response":{"error":{"code":"c","message":"m"}}} | 0 | - | c | m | -
                    {"object":"error","message":"m","type":"t","code":40001}             | 400 | t                  | 40001           | m   | -
                    {"error":"m"}                                                        | 500 | -                  | -               | m   | -
                    {"error":"invalid_request","message":"m"}                            | 400 | invalid_request    | -               | m   | -
                    {"detail":"m"}                                                       | 404 | -                  | -               | m   | -
                    {"detail":[{"loc":["body"],"msg":"a"},{"msg":"b"}]}                  | 422 | -                  | -               | a; b | -
                    {"detail":{"error":"m"}}                                             | 422 | -                  | -               | m   | -
                    {"errors":[{"message":"m"}]}                                         | 400 | -                  | -               | m   | -
                    {"message":"m"}                                                      | 401 | -                  | -               | m   | -
                    upstream connect error                                               | 503 | -                  | -               | upstream connect error | -
                    <html><head><title>502 Bad Gateway</title></head></html>             | 502 | -                  | -               | The upstream answered with an HTML page: 502 Bad Gateway | -
                    <!DOCTYPE html><p>                                                   | 502 | -                  | -               | The upstream answered with an HTML page. | -
                    ''                                                                   | 503 | -                  | -               | The upstream answered with status 503 and no message. | -
                    {"error":{"message":"m"                                              | 500 | -                  | -               | {"error":{"message":"m" | -
                    """)
    void everyShapeBecomesAnError(
            String body, int status, String type, String code, String message, String param) {
        UpstreamError error = read(status == 0 ? 200 : status, body);

        assertThat(error).isEqualTo(new UpstreamError(status, type, code, message, param, null));
    }

    @Test
    void anErrorInAGoodAnswerSaysItsOwnStatus() {
        assertThat(read(200, "{\"error\":{\"code\":502,\"message\":\"m\"}}").status())
                .isEqualTo(502);
        assertThat(read(200, "{\"error\":{\"status_code\":400,\"message\":\"m\"}}").status())
                .isEqualTo(400);
    }

    @Test
    void retryInfoSaysHowLongToWait() {
        String body =
                "{\"error\":{\"code\":429,\"message\":\"m\",\"details\":"
                        + "[{\"@type\":\"x/google.rpc.RetryInfo\",\"retryDelay\":\"34.4s\"}]}}";

        assertThat(read(429, body).retryAfterMillis()).isEqualTo(34_400);
    }

    @Test
    void messagesAreBoundedAndHoldNoCredential() {
        UpstreamError error =
                read(401, "Incorrect API key provided: sk-abcdef1234567. " + "x".repeat(5000));

        assertThat(error.message())
                .startsWith("Incorrect API key provided: ***")
                .hasSizeLessThan(1100);
        assertThat(ErrorReader.safe("Bearer abc.def-ghi at /v1?key=AbC12&x=1", 100))
                .isEqualTo("*** at /v1?key=***&x=1");
    }

    @Test
    void arbitraryBytesBecomeAnError() {
        byte[] sample =
                "[{\"error\":{\"code\":1,\"message\":\"m\",\"details\":[{\"retryDelay\":\"9s\"}]}}]"
                        .getBytes(StandardCharsets.UTF_8);
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] body = sample.clone();
            for (int i = 0; i < 4; i++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(ErrorReader.read(500, body).message()).as("seed %d", seed).isNotEmpty();
        }
    }

    private static UpstreamError read(int status, String body) {
        return ErrorReader.read(status, body.getBytes(StandardCharsets.UTF_8));
    }
}
