package dev.sluice.proxy.endpoint;

import dev.sluice.http.HttpFailure;

/** What is said of a form that cannot be read: where it goes wrong, and how it should be. */
final class MalformedForm {
    static final String CODE = "invalid_multipart";

    private MalformedForm() {}

    /**
     * {@return the refusal}
     *
     * @param part counted from 1
     * @param offset of the first byte that is wrong, from the body's beginning
     */
    static HttpFailure at(int part, long offset, String what) {
        return new HttpFailure(
                400,
                CODE,
                "The form is malformed in part " + part + ", byte " + offset + ": " + what);
    }

    /** {@return a refusal that concerns the form as a whole} */
    static HttpFailure of(String what) {
        return new HttpFailure(400, CODE, what);
    }
}
