package dev.sluice.proxy.account;

import io.vertx.core.Future;

/**
 * Takes what must not be lost. An accepted entry survives the death of the process. Called on event
 * loops: never blocks on a file.
 */
public interface RequestSink {

    /**
     * {@return whether there is room for new calls} While there is none, new calls are refused;
     * running ones still fit.
     */
    boolean acceptsCalls();

    /** {@return completes when a killed process would still have the entry} */
    Future<Void> opened(Opening opening);

    /**
     * {@return completes when a killed process would still have the record; the answer's last bytes
     * wait for it}
     */
    Future<Void> closed(RequestRecord record);
}
