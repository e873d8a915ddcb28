package dev.sluice.admin;

import dev.sluice.http.Response;

/** What an endpoint of the control plane does. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface AdminOperation {
    /**
     * @throws AdminException for whatever is not a success
     */
    Response handle(AdminRequest request);
}
