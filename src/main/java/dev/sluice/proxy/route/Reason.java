package dev.sluice.proxy.route;

import dev.sluice.proxy.route.rank.Obstacle;
import dev.sluice.proxy.route.rank.Score;
import org.jspecify.annotations.Nullable;

/**
 * Why a candidate stands where it stands.
 *
 * @param word how its model's name led to it, or what put it first
 * @param score what the strategy made of it, if it goes by scores
 * @param obstacle what keeps calls from it while there are others
 */
public record Reason(String word, @Nullable Score score, @Nullable Obstacle obstacle) {

    public static Reason of(String word) {
        return new Reason(word, null, null);
    }

    /** {@return all of it in one word, for records} */
    public String compact() {
        StringBuilder text = new StringBuilder(word);
        if (score != null) {
            text.append(':').append(score.compact());
        }
        if (obstacle != null) {
            text.append('!').append(obstacle.wireName());
        }
        return text.toString();
    }
}
