package dev.sluice.admin;

import dev.sluice.http.Rule;

/** What an operation of the control plane asks of its caller. */
public enum AdminRule implements Rule {
    /** May look. */
    READ,
    /** May change. */
    WRITE
}
