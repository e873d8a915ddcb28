package dev.sluice.catalog.cloud;

import java.net.URI;

/** An account with which access tokens are fetched. */
public sealed interface TokenAccount extends CloudAccount
        permits GoogleServiceAccount, EntraApplication {

    /** {@return where its access tokens are fetched: https, or this machine itself} */
    URI tokenUri();
}
