package dev.sluice.dialect.rules;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Message;
import dev.sluice.chat.Parameter;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a writer could not say. Each code and place counts once; silent losses are not
 * kept.
 */
public final class Losses {
    private final Protocol client;
    private final Map<String, Loss> found = new LinkedHashMap<>();

    /**
     * @param client the protocol in whose names parameters are told
     */
    public Losses(Protocol client) {
        this.client = client;
    }

    /** {@return the protocol in which the request was said} */
    public Protocol client() {
        return client;
    }

    public void dropped(Parameter parameter) {
        add(parameter.dropped(client, Severity.WEAKER));
    }

    public void clamped(Parameter parameter) {
        add(parameter.loss("clamped", client, Severity.WEAKER, null));
    }

    public void changed(Parameter parameter) {
        add(parameter.loss("changed", client, Severity.WEAKER, null));
    }

    /** What would make the answer wrong. */
    public void refused(Parameter parameter, String why) {
        add(
                parameter.loss(
                        "dropped", client, Severity.WRONG, parameter.pathIn(client) + ": " + why));
    }

    /** A tool that one provider runs is never turned into another's: what it may do differs. */
    public void noSuchTool(Tool.Hosted tool) {
        refused(
                Parameter.TOOLS,
                "the upstream runs no tool \"%s\"; without it the answer could be wrong."
                        .formatted(tool.name()));
    }

    /**
     * What would make the answer wrong, in a message.
     *
     * @param what a word for the code: {@code audio}, {@code file_id}
     */
    public void refused(String what, Message message, String why) {
        add(
                new Loss(
                        "dropped:" + what,
                        Severity.WRONG,
                        message.path(),
                        message.path() + ": " + why));
    }

    /** What makes the answer weaker, in a message. */
    public void weakened(String code, Message message, String why) {
        add(new Loss(code, Severity.WEAKER, message.path(), message.path() + ": " + why));
    }

    /** A part of another protocol's own, which weighs as much as its reader knew. */
    public void foreign(Part.Foreign foreign, Message message) {
        String why = "not supported by the upstream.";
        switch (foreign.severity()) {
            case WRONG -> refused(foreign.type(), message, why);
            case WEAKER -> weakened("dropped:" + foreign.type(), message, why);
            case SILENT -> {
                // Nobody will miss it.
            }
        }
    }

    /** A property of one tool that the upstream does not know. */
    public void weakenedTool(String property, String tool) {
        String message =
                "tools: " + property + " of " + tool + " is not supported by the upstream.";
        add(new Loss("dropped:" + property, Severity.WEAKER, "tools", message));
    }

    /**
     * The fields that another protocol's writer cannot say.
     *
     * @param path of what bears them, from the body's root; empty for the root itself
     */
    public void extras(Extras extras, Protocol target, String path) {
        for (Extras.Extra extra : extras.lostIn(target)) {
            String full = path.isEmpty() ? extra.path() : path + "." + extra.path();
            add(
                    new Loss(
                            "dropped:" + lastName(extra.path()),
                            extra.severity(),
                            full,
                            full + ": not supported by the upstream."));
        }
    }

    /** What a message says beside its content: only Chat knows names of participants. */
    public void besides(Message message, Protocol target) {
        extras(message.extras(), target, message.path());
        if (message.name() != null && target != Protocol.OPENAI_CHAT) {
            weakened("dropped:name", message, "the upstream takes no names of participants.");
        }
    }

    public void add(@Nullable Loss loss) {
        if (loss != null && loss.severity() != Severity.SILENT) {
            found.putIfAbsent(loss.code() + " " + loss.param(), loss);
        }
    }

    public List<Loss> list() {
        return new ArrayList<>(found.values());
    }

    private static String lastName(String path) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        String safe = last.replaceAll("[^A-Za-z0-9_-]", "_");
        return safe.substring(0, Math.min(40, safe.length()));
    }
}
