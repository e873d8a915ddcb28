package dev.sluice.settings;

/**
 * Something wrong with a setting.
 *
 * @param place where it was said: a file and line, or the environment
 */
public record Problem(String key, String place, String message, String cure) {
    @Override
    public String toString() {
        return key + " (" + place + "): " + message + " " + cure;
    }
}
