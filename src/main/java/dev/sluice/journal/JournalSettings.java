package dev.sluice.journal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param folder of this node alone
 * @param segmentBytes size of one file, pre-allocated
 * @param maxBytes what all files together may take; past it new calls are refused
 * @param fsyncInterval how much a power cut may cost at most
 */
public record JournalSettings(
        Path folder, int segmentBytes, long maxBytes, Duration fsyncInterval) {
    private static final int SMALLEST_SEGMENT = 64 * 1024;

    public JournalSettings {
        if (segmentBytes < SMALLEST_SEGMENT) {
            throw new IllegalArgumentException(
                    "journal.segment_bytes must be at least " + SMALLEST_SEGMENT);
        }
        if (maxBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException(
                    "journal.max_bytes must hold at least two segments of " + segmentBytes);
        }
        if (fsyncInterval.isNegative() || fsyncInterval.isZero()) {
            throw new IllegalArgumentException("journal.fsync_interval must be positive");
        }
    }

    /**
     * {@return settings for that folder with segments of 16 MiB, 4 GiB in all, written through
     * every second}
     */
    public static JournalSettings in(Path folder) {
        return new JournalSettings(folder, 16 << 20, 4L << 30, Duration.ofSeconds(1));
    }
}
