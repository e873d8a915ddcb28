package dev.sluice.dialect.gemini.wire;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which call a function's response answers. Gemini's clients seldom send ids: one is made for each
 * call, the same at every turn of the conversation, and a response without one answers the first
 * call of its name that is still open (wire-contract §2.5). For one request.
 */
public final class GeminiCallIds {
    private static final String SEED = "contents";

    private record Open(String id, String name) {}

    private final List<Open> open = new ArrayList<>();
    private int calls;
    private boolean modelsTurn;

    /** Says whose content comes next: calls of an earlier turn of the model are closed then. */
    public void turn(boolean models) {
        if (models && !modelsTurn) {
            open.clear();
        }
        modelsTurn = models;
    }

    /** {@return the id of the next call} */
    public String call(@Nullable String said, String name) {
        int index = calls++;
        String id = said == null || said.isEmpty() ? ToolCallIds.of("", SEED, index) : said;
        open.add(new Open(id, name));
        return id;
    }

    /**
     * {@return the id of the call that a response answers}
     *
     * @throws MalformedRequest if there is none open, naming what was looked for
     */
    public String response(@Nullable String said, @Nullable String name, String path)
            throws MalformedRequest {
        boolean byId = said != null && open.stream().anyMatch(call -> call.id.equals(said));
        for (Open call : open) {
            if (byId ? call.id.equals(said) : call.name.equals(name)) {
                open.remove(call);
                return call.id;
            }
        }
        String looked = name == null ? "" : name.substring(0, Math.min(80, name.length()));
        throw new MalformedRequest(
                "\""
                        + path
                        + "\" answers no open call of \""
                        + looked
                        + "\" in the model's turn"
                        + " before it.",
                path);
    }
}
