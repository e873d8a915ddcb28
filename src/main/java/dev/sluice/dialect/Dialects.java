package dev.sluice.dialect;

import dev.sluice.chat.Protocol;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The dialects that are spoken, one a protocol. */
public final class Dialects {
    private final Map<Protocol, Dialect> byProtocol = new EnumMap<>(Protocol.class);

    public Dialects(List<Dialect> dialects) {
        dialects.forEach(dialect -> byProtocol.put(dialect.protocol(), dialect));
    }

    public boolean speaks(Protocol protocol) {
        return byProtocol.containsKey(protocol);
    }

    /**
     * @throws IllegalArgumentException if nobody speaks it
     */
    public Dialect of(Protocol protocol) {
        Dialect dialect = byProtocol.get(protocol);
        if (dialect == null) {
            throw new IllegalArgumentException(protocol.wireName() + " is not spoken");
        }
        return dialect;
    }

    public Collection<Dialect> all() {
        return List.copyOf(byProtocol.values());
    }
}
