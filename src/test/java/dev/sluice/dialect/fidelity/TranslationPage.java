package dev.sluice.dialect.fidelity;

import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.fidelity.Fidelity.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The text of docs/translation.md. */
final class TranslationPage {
    private static final Path PROBES = Path.of("src/test/resources/translation");

    /** Where a conversation stands needs no word. */
    private static final Set<String> CONVERSATION = Set.of("messages", "input", "contents");

    private static final int LONGEST_JSON = 130;
    private static final int MOST_FIELDS = 3;

    private TranslationPage() {}

    static Path requests(Dialect client) {
        return PROBES.resolve(client.protocol().wireName() + ".txt");
    }

    static Path answers(Dialect upstream) {
        return PROBES.resolve("answers").resolve(upstream.protocol().wireName() + ".txt");
    }

    static String text() throws IOException {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Dialect client : Fidelity.DIALECTS) {
            page.append("\n## From ").append(name(client)).append("\n");
            Probe.File file = Probe.read(requests(client));
            tables(
                    page,
                    "the client says",
                    client,
                    file,
                    upstream ->
                            probe -> new Fidelity(client, upstream, file.bare(), probe).outcome());
        }
        page.append(ANSWERS);
        for (Dialect upstream : Fidelity.DIALECTS) {
            page.append("\n## Answers of ").append(name(upstream)).append("\n");
            Probe.File file = Probe.read(answers(upstream));
            tables(
                    page,
                    "the upstream answers",
                    upstream,
                    file,
                    client ->
                            probe ->
                                    new AnswerFidelity(upstream, client, file.bare(), probe)
                                            .outcome());
        }
        return page.append(ReferenceTables.text()).toString();
    }

    private static void tables(
            StringBuilder page,
            String head,
            Dialect from,
            Probe.File file,
            Function<Dialect, Function<Probe, Outcome>> outcomes) {
        List<Dialect> others =
                Fidelity.DIALECTS.stream().filter(other -> !other.equals(from)).toList();
        List<String> heads = new ArrayList<>(List.of(head));
        others.forEach(other -> heads.add("to " + name(other)));
        file.sections()
                .forEach((section, probes) -> {
                    List<List<String>> rows = new ArrayList<>();
                    for (Probe probe : probes) {
                        List<String> row = new ArrayList<>(List.of(said(probe)));
                        others.forEach(other -> row.add(cell(outcomes.apply(other).apply(probe))));
                        rows.add(row);
                    }
                    page.append("\n### ").append(section).append("\n\n");
                    page.append(ReferenceTables.table(heads, rows));
                });
    }

    private static String name(Dialect dialect) {
        return dialect.protocol().wireName();
    }

    private static String said(Probe probe) {
        String json = code(probe.json().deepCopy().without("@traits"));
        String title = probe.title();
        if (title == null) {
            return json;
        }
        boolean shown = json.length() <= LONGEST_JSON && !json.contains("\"@");
        return shown ? title + ": " + json : title;
    }

    private static String cell(Outcome outcome) {
        return switch (outcome) {
            case Outcome.AsItIs _ -> "as it is";
            case Outcome.Said said -> "said" + places(said.fields());
            case Outcome.SaidAs as -> "said: " + code(as.json());
            case Outcome.NotNeeded needless -> "not needed: " + needless.why();
            case Outcome.Without without ->
                    "without " + String.join(", ", without.names()) + ": " + without.why();
            case Outcome.Whole _ -> "told";
            case Outcome.Never never -> "does not occur: " + never.why();
            case Outcome.Told told ->
                    told.codes().stream().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
            case Outcome.Refused _ -> "**refused**";
            case Outcome.Wrong _ -> "lost";
        };
    }

    private static String places(List<String> fields) {
        List<String> places =
                fields.stream()
                        .filter(field -> !CONVERSATION.contains(field.split("[.\\[]", 2)[0]))
                        .limit(MOST_FIELDS)
                        .map(field -> "`" + field.replaceFirst("^@", "") + "`")
                        .toList();
        return places.isEmpty() ? "" : ": " + String.join(", ", places);
    }

    private static String code(JsonNode json) {
        return "`" + json.toString().replace("|", "\\|") + "`";
    }

    private static final String ANSWERS =
            """

            # Answers

            What an upstream answers, for clients of the other dialects. The test reads what the
            client gets as the client's dialect reads it, plain and as a stream, which say the same.
            *Told* means that the same was read; what was not is named, with the reason.
            """;

    private static final String INTRODUCTION =
            """
            # Translation

            This page is made by a test from what the dialects do, with an upstream that has the
            standard traits. A call whose two ends speak the same dialect is passed on as it is, byte
            for byte but for what the traits say that a vendor calls otherwise. Otherwise a part of a
            request is

            - *said*: it is in what the upstream is sent. The test reads that back as the upstream's
              dialect reads it and finds what the client said; where two dialects have no common
              words for it, the page shows what is sent;
            - *not needed* (class S), if leaving it out has no effect on the answer, for the reason
              given;
            - left out or changed (class W), with a code such as `dropped:seed`: the answer is
              weaker but right. The code is told in the header `x-sluice-warnings` and in the record;
            - *refused* (class R), where the answer would be wrong without it: another candidate is
              tried, and if none can say it the client gets a 400 that names its own parameter.

            What would be lost without a word fails the test. What others have lost, and the tests that show it is kept here,
            is on a [page of its own](translation-pitfalls.md).

            A client that sends `x-sluice-translation: strict` has class W refused as well; one that
            sends `lenient` has class R left out and told, as has an operator who sets the
            capability `lenient` on an upstream. `POST /admin/translate` shows for any body what each
            candidate would be sent.
            """;
}
