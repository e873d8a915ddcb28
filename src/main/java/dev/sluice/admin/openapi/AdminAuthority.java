package dev.sluice.admin.openapi;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Exchange;

/** Decides who may use the control plane. Called on the event loop, before the body is read. */
@FunctionalInterface
public interface AdminAuthority {
    /**
     * @throws AdminException 401 without a known credential, 403 without the permission
     */
    void require(Exchange exchange, AdminRule rule);
}
