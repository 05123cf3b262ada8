package io.tributary.actors.shard.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RightToServeTest {
  private static final long MS = 1_000_000L;
  private static final long START = Long.sum(Long.MAX_VALUE - 2_000 * MS, 0);

  @Test
  void thereIsNoRightBeforeTheFirstRenewal() {
    assertThat(RightToServe.none(START).holds(START)).isFalse();
  }

  @Test
  void aRenewalCountsForThreeSecondsFromWhenItWasSentAlsoWhereTheClockWraps() {
    RightToServe right = RightToServe.none(START).renewed(START + 10 * MS, START + 900 * MS);
    assertThat(right.holds(START + 3_009 * MS)).isTrue();
    assertThat(right.holds(START + 3_010 * MS)).isFalse();
  }

  @Test
  void aRenewalConfirmedTooLateGivesNothing() {
    RightToServe right = RightToServe.none(START).renewed(START, START + 3_000 * MS);
    assertThat(right.holds(START + 3_000 * MS)).isFalse();
    assertThat(right.term()).isZero();
  }

  @Test
  void aLateTickStopsServingUntilARenewalThatWasSentAfterIt() {
    RightToServe right = RightToServe.none(START).renewed(START, START + MS);
    RightToServe stopped = right.tick(START + 1_600 * MS);
    assertThat(stopped.holds(START + 1_600 * MS)).isFalse();
    RightToServe stillStopped = stopped.renewed(START + 1_000 * MS, START + 1_601 * MS);
    assertThat(stillStopped.holds(START + 1_601 * MS)).isFalse();
    RightToServe again = stillStopped.renewed(START + 1_602 * MS, START + 1_603 * MS);
    assertThat(again.holds(START + 1_603 * MS)).isTrue();
    assertThat(again.term()).isEqualTo(right.term() + 1);
  }

  @Test
  void anUnbrokenRightIsOneTerm() {
    RightToServe right = RightToServe.none(START);
    for (int second = 0; second < 100; second++) {
      long now = START + second * 1_000 * MS;
      right = right.tick(now).renewed(now, now + 5 * MS);
    }
    assertThat(right.term()).isEqualTo(1);
  }

  @Test
  void aWithdrawnRightIsGone() {
    RightToServe right = RightToServe.none(START).renewed(START, START + MS);
    assertThat(right.withdrawn(START + 2 * MS).holds(START + 2 * MS)).isFalse();
  }

  /**
   * @param sentAgoMs when the renewal that is confirmed in this step was sent
   */
  record Step(boolean renewal, long afterMs, long sentAgoMs) {}

  @Property
  void theRightNeverOutlivesTheLastRenewalAndALapseIsANewTerm(
      @ForAll("histories") List<Step> history) {
    RightToServe right = RightToServe.none(START);
    long now = START;
    long newestSent = START - RightToServe.TERM_NANOS;
    for (Step step : history) {
      RightToServe before = right;
      now += step.afterMs() * MS;
      if (step.renewal()) {
        long sent = now - step.sentAgoMs() * MS;
        newestSent = sent - newestSent > 0 ? sent : newestSent;
        right = right.renewed(sent, now);
      } else {
        right = right.tick(now);
      }
      if (right.holds(now)) {
        assertThat(now - newestSent).isLessThan(RightToServe.TERM_NANOS);
        assertThat(right.term()).isEqualTo(before.holds(now) ? before.term() : before.term() + 1);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.longs().between(0, 4_000),
            Arbitraries.longs().between(0, 4_000))
        .as(Step::new)
        .list()
        .ofMaxSize(50);
  }
}
