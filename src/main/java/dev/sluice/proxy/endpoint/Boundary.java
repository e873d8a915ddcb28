package dev.sluice.proxy.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands between the parts of a form (RFC 2046 §5.1.1). */
record Boundary(String text) {
    private static final String FORM = "multipart/form-data";

    /** At most 70 characters, the last one no space. */
    private static final String CHARACTERS =
            "[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]";

    private static final Pattern PARAMETER =
            Pattern.compile(
                    ";\\s*boundary\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;\"]+))",
                    Pattern.CASE_INSENSITIVE);

    static boolean isForm(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).strip().startsWith(FORM);
    }

    /**
     * {@return the boundary that a content type names}
     *
     * @throws dev.sluice.http.HttpFailure 400 if it names none, several, or one that is none
     */
    static Boundary of(String contentType) {
        Matcher parameter = PARAMETER.matcher(contentType);
        if (!parameter.find()) {
            throw MalformedForm.of(
                    "The Content-Type of a form must name its boundary, such as"
                            + " 'multipart/form-data; boundary=X'.");
        }
        String text = parameter.group(1) == null ? parameter.group(2) : parameter.group(1);
        if (parameter.find()) {
            throw MalformedForm.of("The Content-Type of a form must name one boundary.");
        }
        if (!text.matches(CHARACTERS)) {
            throw MalformedForm.of(
                    "The boundary of a form has 1 to 70 letters, digits and '()+_,-./:=? characters,"
                            + " the last one no space.");
        }
        return new Boundary(text);
    }

    /** {@return what stands before each part but the first, which has no line end before it} */
    byte[] delimiter() {
        return ("\r\n--" + text).getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return a field that stands first in a form} */
    byte[] field(String name, String value) {
        return ("--"
                        + text
                        + "\r\nContent-Disposition: form-data; name=\""
                        + name
                        + "\"\r\n\r\n"
                        + value
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
