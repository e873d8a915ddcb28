package dev.sluice.admin.openapi;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Exchange;

/** Decides who may use the control plane. Called on the event loop, before the body is read. */
@FunctionalInterface
public interface AdminAuthority {
    /**
     * {@return who asks}
     *
     * @throws AdminException 401 without a known credential, 403 without the permission
     */
    Actor require(Exchange exchange, AdminRule rule);
}
