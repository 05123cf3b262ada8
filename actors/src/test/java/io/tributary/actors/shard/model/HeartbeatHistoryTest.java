package io.tributary.actors.shard.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.shard.model.HeartbeatHistory.Look;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeartbeatHistoryTest {
  @Test
  void anIncarnationThatWasNeverSeenIsNotKnownToStandStill() {
    assertThat(HeartbeatHistory.empty().stillNanos(1)).isEmpty();
    assertThat(HeartbeatHistory.empty().watching(1).stillNanos(1)).isEmpty();
  }

  @Test
  void aHeartbeatStandsStillFromTheAnswerOfTheFirstLookToTheSendingOfTheLast() {
    HeartbeatHistory history =
        HeartbeatHistory.empty().after(look(5, 100, 150)).after(look(5, 600, 700));
    assertThat(history.stillNanos(1)).hasValue(450);
  }

  @Test
  void aHeartbeatThatGoesOnBeginsAnew() {
    HeartbeatHistory history =
        HeartbeatHistory.empty()
            .after(look(5, 100, 150))
            .after(look(6, 600, 700))
            .after(look(6, 800, 900));
    assertThat(history.stillNanos(1)).hasValue(100);
  }

  @Test
  void aHeartbeatThatIsGoneStandsStillFromTheLookThatMissedIt() {
    HeartbeatHistory history =
        HeartbeatHistory.empty()
            .after(look(5, 100, 150))
            .after(new Look(Map.of(), 200, 300))
            .after(new Look(Map.of(), 900, 950));
    assertThat(history.stillNanos(1)).hasValue(600);
  }

  @Test
  void anAbsentIncarnationIsWatchedFromTheNextLookOn() {
    HeartbeatHistory history =
        HeartbeatHistory.empty()
            .after(new Look(Map.of(), 100, 150))
            .watching(1)
            .after(new Look(Map.of(), 200, 300))
            .after(new Look(Map.of(), 700, 800));
    assertThat(history.stillNanos(1)).hasValue(400);
  }

  /** Beats land at known times; whatever is looked at, no beat lies inside what stood still. */
  @Property
  void noHeartbeatEverLandedInsideTheTimeItIsSaidToHaveStoodStill(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 5_000) Integer> beatGaps,
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 5_000) Integer> lookGaps,
      @ForAll @IntRange(min = 0, max = 500) int lookTakes) {
    TreeMap<Long, Long> beats = new TreeMap<>(Map.of(0L, 0L));
    for (int gap : beatGaps) {
      beats.put(beats.lastKey() + gap, (long) beats.size());
    }
    HeartbeatHistory history = HeartbeatHistory.empty();
    long sent = 0;
    for (int gap : lookGaps) {
      sent += gap;
      long read = sent + lookTakes / 2;
      long answered = sent + lookTakes;
      history =
          history.after(new Look(Map.of(1L, beats.floorEntry(read).getValue()), sent, answered));
      long still = history.stillNanos(1).orElseThrow();
      assertThat(still).isLessThanOrEqualTo(Math.max(0, sent - beats.floorKey(read)));
      sent = answered;
    }
  }

  private static Look look(long heartbeat, long sentNanos, long answeredNanos) {
    return new Look(Map.of(1L, heartbeat), sentNanos, answeredNanos);
  }
}
