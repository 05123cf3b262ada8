package io.tributary.actors.shard.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.shard.model.Ownership.Acquirer;
import io.tributary.actors.shard.model.Ownership.Decision;
import io.tributary.persistence.model.ShardOwner;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final Acquirer SEVEN = new Acquirer(7, false);
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aShardThatNobodyEverOwnedIsAcquiredAtOnce() {
    assertThat(Ownership.decide(Optional.empty(), OptionalLong.empty(), SEVEN))
        .isEqualTo(new Decision.Acquire(1, false));
  }

  @Test
  void aReleasedShardIsAcquiredAtOnce() {
    assertThat(decide(new ShardOwner(4, 3, 0, true), OptionalLong.empty()))
        .isEqualTo(new Decision.Acquire(5, false));
  }

  @Test
  void aNodeFollowsItselfAtOnce() {
    assertThat(decide(new ShardOwner(4, 7, 0, false), OptionalLong.empty()))
        .isEqualTo(new Decision.Acquire(5, false));
  }

  @Test
  void anOwnerWhoseHeartbeatIsNotWatchedYetIsWaitedForInFull() {
    assertThat(decide(new ShardOwner(4, 3, 0, false), OptionalLong.empty()))
        .isEqualTo(new Decision.Wait(4 * SECOND));
  }

  @Test
  void anOwnerThatStandsStillIsWaitedForUntilFourSeconds() {
    ShardOwner owner = new ShardOwner(4, 3, 0, false);
    assertThat(decide(owner, OptionalLong.of(3 * SECOND))).isEqualTo(new Decision.Wait(SECOND));
    assertThat(decide(owner, OptionalLong.of(4 * SECOND))).isEqualTo(new Decision.Acquire(5, true));
  }

  @Test
  void anExclusiveStoreProvesTheOldOwnerDead() {
    assertThat(
            Ownership.decide(
                Optional.of(new ShardOwner(4, 3, 0, false)),
                OptionalLong.empty(),
                new Acquirer(7, true)))
        .isEqualTo(new Decision.Acquire(5, false));
  }

  @Property
  void everyAcquisitionRaisesTheEpoch(
      @ForAll @LongRange(min = 1, max = 1L << 40) long epoch,
      @ForAll @LongRange(min = 1, max = 9) long incarnation,
      @ForAll boolean released,
      @ForAll @LongRange(min = 0, max = 10 * SECOND) long stillNanos) {
    Decision decision =
        decide(new ShardOwner(epoch, incarnation, 0, released), OptionalLong.of(stillNanos));
    switch (decision) {
      case Decision.Acquire acquire -> assertThat(acquire.epoch()).isEqualTo(epoch + 1);
      case Decision.Wait wait ->
          assertThat(wait.nanos()).isBetween(1L, Ownership.STILL_NANOS - stillNanos);
    }
  }

  private static Decision decide(ShardOwner owner, OptionalLong stillNanos) {
    return Ownership.decide(Optional.of(owner), stillNanos, SEVEN);
  }
}
