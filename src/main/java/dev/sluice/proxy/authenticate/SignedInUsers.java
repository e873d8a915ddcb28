package dev.sluice.proxy.authenticate;

import java.util.Optional;

/** Recognises the access tokens of people who signed in. Asked on a call's way: from memory. */
@FunctionalInterface
public interface SignedInUsers {
    /** Nobody signs in. */
    SignedInUsers NONE = _ -> Optional.empty();

    Optional<Caller.SignedIn> recognise(String token);
}
