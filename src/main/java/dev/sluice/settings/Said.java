package dev.sluice.settings;

/** A setting's text, and where it was said. */
record Said(String text, String place) {
    Said stripped() {
        return new Said(text.strip(), place);
    }
}
