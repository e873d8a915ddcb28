package dev.sluice.admin.log;

import dev.sluice.admin.log.UsageSums.Sum;
import dev.sluice.catalog.price.Money;
import dev.sluice.http.Response;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sums as CSV (RFC 4180), for spreadsheets. Names that a spreadsheet would take for a formula,
 * which clients can choose by the model they ask for, are text by an apostrophe before them.
 */
final class UsageCsv {
    private static final String HEAD =
            "group,requests,failures,input_tokens,output_tokens,total_tokens,cost,currency";

    private UsageCsv() {}

    /** {@return a line for each sum, below the names of the columns} */
    static Response response(List<Sum> sums) {
        String lines =
                Stream.concat(Stream.of(HEAD), sums.stream().map(UsageCsv::line))
                        .collect(Collectors.joining("\r\n", "", "\r\n"));
        return new Response(200, Response.empty(200).headers(), Buffer.buffer(lines))
                .with("content-type", "text/csv; charset=utf-8")
                .with("content-disposition", "attachment; filename=\"usage.csv\"");
    }

    private static String line(Sum sum) {
        return Stream.of(
                        quoted(sum.name()),
                        sum.requests(),
                        sum.failures(),
                        sum.inputTokens(),
                        sum.outputTokens(),
                        sum.inputTokens() + sum.outputTokens(),
                        Money.amount(sum.costNanos()).toPlainString(),
                        quoted(sum.currency()))
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean isFormula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        return '"' + (isFormula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }
}
