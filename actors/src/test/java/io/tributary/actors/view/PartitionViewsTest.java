package io.tributary.actors.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PartitionViewsTest {
  private static final PartitionId PARTITION = new PartitionId(new UUID(1, 2), 0);
  private static final Duration SOON = Duration.ofMillis(10);

  private final World world = new World(7);

  /** A node with views, and the owners it follows. */
  private static final class World {
    final VirtualTime time;
    final ManualEventLoop readers;
    final FakeOwners owners;
    final PartitionViews views;

    World(long seed) {
      time = new VirtualTime(seed);
      readers = time.loop("views");
      owners = new FakeOwners(time.loop("owners"));
      views =
          new PartitionViews(
              new ViewsContext(readers, owners, "node-1", ViewSettings.DEFAULT),
              new ShardCounts(4, 1, 1));
      views.start();
    }

    Optional<PartitionView> read() {
      return await(views.refreshed(PARTITION));
    }

    Optional<PartitionView> usable() {
      return Optional.ofNullable(views.usable(PARTITION));
    }

    <T> T await(CompletionStage<T> stage) {
      CompletableFuture<T> future = stage.toCompletableFuture();
      time.advanceUntil(future::isDone, Duration.ofSeconds(10));
      return future.join();
    }

    void commit(int offsets) {
      owners.commit(PARTITION, next(offsets));
    }

    IndexEntry next(int offsets) {
      long base = owners.log(PARTITION).highWatermark;
      return entry(base, base + offsets);
    }
  }

  private static IndexEntry entry(long baseOffset, long nextOffset) {
    return new IndexEntry(
        new FlushId(1, baseOffset + 1), 8, 100, baseOffset, nextOffset, 0, List.of());
  }

  @Test
  void aFirstReadSubscribesAndSeesWhatWasCommittedBefore() {
    world.commit(3);

    assertThat(world.read().orElseThrow().highWatermark()).isEqualTo(3);
    assertThat(world.owners.subscriptions()).isEqualTo(1);
  }

  @Test
  void aCommitReachesTheViewWithoutAnotherSnapshot() {
    world.read();
    world.commit(5);
    world.time.advance(SOON);

    PartitionView view = world.usable().orElseThrow();
    assertThat(view.highWatermark()).isEqualTo(5);
    assertThat(view.entries().size()).isEqualTo(1);
    assertThat(world.owners.snapshotsGiven).isEqualTo(1);
  }

  @Test
  void aViewHandedOutDoesNotChange() {
    world.commit(1);
    PartitionView before = world.read().orElseThrow();
    world.commit(1);
    world.time.advance(SOON);

    assertThat(before.highWatermark()).isEqualTo(1);
    assertThat(before.entries().size()).isEqualTo(1);
  }

  @Test
  void aLostMessageBringsAFreshSnapshot() {
    world.read();
    world.owners.lose(message -> !message.updates().isEmpty());
    world.commit(2);
    world.owners.lose(_ -> false);
    world.time.advance(Duration.ofSeconds(1));

    assertThat(world.read().orElseThrow().highWatermark()).isEqualTo(2);
    assertThat(world.owners.snapshotsGiven).isEqualTo(2);
    assertThat(world.owners.subscriptions()).isEqualTo(1);
  }

  @Test
  void aSilentFeedIsNotUsed() {
    world.commit(1);
    world.read();
    world.owners.setBeating(false);
    world.owners.setReachable(false);
    world.time.advance(Duration.ofMillis(1_900));
    assertThat(world.views.usable(PARTITION)).isNotNull();

    world.time.advance(Duration.ofMillis(200));

    assertThat(world.views.usable(PARTITION)).isNull();
    assertThat(world.read()).isEmpty();
  }

  @Test
  void aViewComesBackWhenItsOwnerDoes() {
    world.commit(1);
    world.read();
    world.owners.setBeating(false);
    world.owners.setReachable(false);
    world.time.advance(Duration.ofSeconds(8));
    world.commit(1);
    world.owners.setBeating(true);
    world.owners.setReachable(true);
    world.time.advance(Duration.ofSeconds(2));

    assertThat(world.read().orElseThrow().highWatermark()).isEqualTo(2);
  }

  @Test
  void aNewOwnerIsFollowedWithItsOwnSnapshot() {
    world.commit(1);
    world.read();
    world.owners.changeOwner();
    world.commit(4);
    world.time.advance(Duration.ofSeconds(4));

    assertThat(world.read().orElseThrow().highWatermark()).isEqualTo(5);
  }

  @Test
  void whatAnOwnerShowedBeforeIsNotTakenBack() {
    world.commit(1);
    world.read();
    // The owner's word, before the feed has it.
    world.owners.commitSilently(PARTITION, world.next(9));
    assertThat(world.await(world.views.latest(PARTITION)).orElseThrow().highWatermark())
        .isEqualTo(10);

    PartitionView view = world.read().orElseThrow();
    assertThat(view.highWatermark()).isEqualTo(1);
    assertThat(world.views.show(PARTITION, view.highWatermark())).isEqualTo(10);
  }

  @Test
  void aWaiterWakesOnTheCommit() {
    world.read();
    AtomicInteger wakes = new AtomicInteger();
    LogReader.Registration registration =
        world.views.onChange(List.of(PARTITION), wakes::incrementAndGet);
    world.time.advance(Duration.ofSeconds(1));
    assertThat(wakes).hasValue(0);

    world.commit(1);
    world.time.runUntilIdle();
    assertThat(wakes).hasValue(1);

    registration.close();
    world.commit(1);
    world.time.runUntilIdle();
    assertThat(wakes).hasValue(1);
  }

  @Test
  void aViewNobodyReadsIsGivenUp() {
    world.read();
    world.time.advance(Duration.ofSeconds(70));

    assertThat(world.owners.subscriptions()).isZero();
    assertThat(world.views.usable(PARTITION)).isNull();
  }

  @Test
  void aViewThatSomeoneWaitsForIsKept() {
    world.read();
    world.views.onChange(List.of(PARTITION), () -> {});
    world.time.advance(Duration.ofSeconds(70));

    assertThat(world.owners.subscriptions()).isEqualTo(1);
  }

  @Test
  void readersOfADeletedPartitionAreToldAtOnce() {
    world.read();
    world.owners.delete(PARTITION);
    world.time.advance(SOON);

    assertThat(world.views.usable(PARTITION)).isNull();
  }

  @Test
  void aRenewedViewIsMadeAfterTheCall() {
    world.commit(1);
    world.read();
    world.owners.log(PARTITION).entries.set(0, entry(0, 1));

    world.await(world.views.renewed(PARTITION));

    assertThat(world.owners.snapshotsGiven).isEqualTo(2);
  }

  /**
   * Whatever is lost or late and whoever owns the shard: a usable view is a true one, and never
   * older.
   */
  @Property(tries = 300)
  void aUsableViewIsAPrefixOfTheLogAndNeverGoesBack(@ForAll long seed) {
    World lossy = new World(seed);
    var random = lossy.time.random();
    lossy.owners.lose(_ -> random.nextInt(6) == 0);
    lossy.owners.delay(() -> Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(1_000) : 0));
    long seen = 0;
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(8)) {
        case 0 -> lossy.owners.changeOwner();
        case 1 -> lossy.owners.setReachable(random.nextBoolean());
        case 2 -> lossy.views.refreshed(PARTITION);
        case 3 -> lossy.owners.setBeating(random.nextInt(4) > 0);
        default -> lossy.commit(1 + random.nextInt(5));
      }
      lossy.time.advance(Duration.ofMillis(random.nextInt(700)));
      PartitionView view = lossy.views.usable(PARTITION);
      if (view != null) {
        assertPrefix(view, lossy.owners.log(PARTITION));
        assertThat(view.highWatermark()).isGreaterThanOrEqualTo(seen);
        seen = view.highWatermark();
      }
    }
    lossy.owners.lose(_ -> false);
    lossy.owners.delay(() -> Duration.ZERO);
    lossy.owners.setReachable(true);
    lossy.owners.setBeating(true);
    lossy.views.refreshed(PARTITION);
    lossy.time.advance(Duration.ofSeconds(6));

    assertThat(lossy.usable().orElseThrow().highWatermark())
        .isEqualTo(lossy.owners.log(PARTITION).highWatermark);
  }

  private static void assertPrefix(PartitionView view, FakeOwners.TrueLog log) {
    List<IndexEntry> known = new ArrayList<>();
    for (int i = 0; i < view.entries().size(); i++) {
      known.add(view.entries().get(i));
    }
    assertThat(log.entries.subList(0, known.size())).isEqualTo(known);
    assertThat(view.highWatermark()).isEqualTo(known.isEmpty() ? 0 : known.getLast().nextOffset());
  }
}
