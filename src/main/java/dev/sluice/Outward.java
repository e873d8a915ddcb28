package dev.sluice;

import dev.sluice.configuration.Settings;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.cloud.AccessTokens;
import java.time.Clock;

/**
 * What upstreams are called with.
 *
 * @param reach which addresses they may have
 * @param tokens of keys that are accounts of a cloud
 */
record Outward(OutboundClient client, AddressPolicy reach, AccessTokens tokens) {

    static Outward of(Settings.Security security, OutboundClient client, Clock clock) {
        AddressPolicy reach =
                security.allowAnyAddress() ? AddressPolicy.ANYTHING : AddressPolicy.OPERATOR;
        AccessTokens tokens =
                new AccessTokens(
                        client, reach, Thread::startVirtualThread, clock, System::nanoTime);
        return new Outward(client, reach, tokens);
    }
}
