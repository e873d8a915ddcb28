package dev.sluice.proxy.call;

import dev.sluice.catalog.ApiKey;
import dev.sluice.chat.Protocol;
import dev.sluice.http.Exchange;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestSink;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Opens calls and knows those that run. */
public final class Calls {
    private final RequestSink sink;
    private final Consumer<RequestRecord> watcher;
    private final Clock clock;
    private final LongSupplier ticker;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();

    /**
     * @param watcher sees each record when its call has been closed
     * @param ticker counts nanoseconds, monotonic
     */
    public Calls(
            RequestSink sink, Consumer<RequestRecord> watcher, Clock clock, LongSupplier ticker) {
        this.sink = sink;
        this.watcher = watcher;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** {@return a call of that key, from now on owing exactly one record} */
    public Call open(Exchange exchange, ApiKey key, @Nullable Protocol protocol) {
        Call call = new Call(exchange, key, protocol, this);
        running.add(call);
        return call;
    }

    /** {@return the calls that have not been closed} */
    public List<Call> running() {
        return List.copyOf(running);
    }

    /** {@return how many of them were asked for as streams} */
    public long openStreams() {
        return running.stream().filter(Call::isStream).count();
    }

    Clock clock() {
        return clock;
    }

    long nanos() {
        return ticker.getAsLong();
    }

    RequestSink sink() {
        return sink;
    }

    void closed(Call call, RequestRecord record) {
        running.remove(call);
        watcher.accept(record);
    }
}
