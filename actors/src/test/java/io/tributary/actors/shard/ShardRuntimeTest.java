package io.tributary.actors.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.CountingShard.Add;
import io.tributary.actors.shard.CountingShard.Break;
import io.tributary.actors.shard.CountingShard.Read;
import io.tributary.actors.shard.FaultyMetadataStore.Fault;
import io.tributary.actors.shard.ShardWorld.Node;
import io.tributary.actors.shard.ShardWorld.Reply;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardRuntimeTest {
  private static final CheckpointSettings RARELY =
      new CheckpointSettings(1_000, 1 << 20, Duration.ofHours(1));
  private static final CheckpointSettings OFTEN =
      new CheckpointSettings(3, 1 << 20, Duration.ofHours(1));

  @Test
  void requestsBeforeTheShardServesWaitForIt() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node node = world.node("a");
    Reply early = node.ask(new Add(5));
    node.awaitServing();
    world.time.advance(Duration.ofSeconds(1));
    assertThat(early.answer()).hasValue(5L);
  }

  @Test
  void theNextOwnerHasEverythingThatWasAnswered() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), OFTEN);
    Node first = world.node("a");
    for (int i = 1; i <= 10; i++) {
      assertThat(first.await(new Add(1)).answer()).hasValue((long) i);
    }
    first.crash();
    Node second = world.node("b");
    assertThat(second.await(new Add(1)).answer()).hasValue(11L);
  }

  @Test
  void aCrashedOwnerIsFollowedOnlyAfterItsHeartbeatStoodStillForFourSeconds() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node first = world.node("a");
    first.awaitServing();
    Node second = world.node("b");
    world.time.advance(Duration.ofSeconds(20));
    assertThat(second.isServing()).isFalse();
    first.crash();
    world.time.advance(Duration.ofMillis(3_400));
    assertThat(second.isServing()).isFalse();
    world.time.advance(Duration.ofMillis(2_600));
    assertThat(second.isServing()).isTrue();
  }

  @Test
  void aReleasedShardIsTakenOverAtOnceAndItsLastCommitsStand() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node first = world.node("a");
    first.awaitServing();
    Node second = world.node("b");
    world.time.advance(Duration.ofSeconds(1));
    world.metadata.next(Fault.ANSWER_LOST);
    Reply last = first.ask(new Add(3));
    List<String> stopped = new ArrayList<>();
    first.release(() -> stopped.add("a"));
    world.time.advanceUntil(second::isServing, Duration.ofSeconds(1));
    assertThat(stopped).containsExactly("a");
    assertThat(last.answer()).hasValue(3L);
    assertThat(second.read()).isEqualTo(3);
    assertThat(first.await(new Add(1)).isUnavailable()).isTrue();
  }

  @Test
  void aReleaseWaitsForAnAcquisitionWhoseOutcomeIsUnknown() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    world.metadata.always(
        () ->
            world.metadata.sent().getLast().otherwise().contains(ShardWorld.KEYS.owner())
                ? Fault.ANSWER_LOST
                : Fault.NONE);
    Node first = world.node("a");
    world.time.advance(Duration.ofSeconds(3));
    List<String> stopped = new ArrayList<>();
    first.release(() -> stopped.add("a"));
    world.time.advance(Duration.ofSeconds(3));
    assertThat(stopped).isEmpty();
    world.metadata.always(() -> Fault.NONE);
    world.time.advance(Duration.ofSeconds(10));
    assertThat(stopped).containsExactly("a");
    Node second = world.node("b");
    world.time.advanceUntil(second::isServing, Duration.ofSeconds(2));
  }

  @Test
  void aZombieCommitsNothingAndAnswersNothing() {
    for (long seed = 0; seed < 50; seed++) {
      ShardWorld world = new ShardWorld(new VirtualTime(seed), OFTEN);
      Node zombie = world.node("a");
      zombie.await(new Add(1));
      assertThat(zombie.read()).isEqualTo(1);
      zombie.pause();
      Reply readInMailbox = zombie.ask(new Read());
      Reply addInMailbox = zombie.ask(new Add(100));
      Node successor = world.node("b");
      assertThat(successor.await(new Add(10)).answer()).hasValue(11L);
      zombie.resume();
      Reply readLater = zombie.ask(new Read());
      world.time.advance(Duration.ofSeconds(30));
      assertThat(addInMailbox.answer()).isEmpty();
      assertNoStaleRead(readInMailbox);
      assertNoStaleRead(readLater);
      assertThat(successor.read()).isEqualTo(11);
    }
  }

  @Test
  void anIdleZombieWhoseHeartbeatCameBackLooksBeforeItAnswers() {
    for (long seed = 0; seed < 50; seed++) {
      ShardWorld world = new ShardWorld(new VirtualTime(seed), RARELY);
      Node zombie = world.node("a");
      zombie.await(new Add(1));
      assertThat(zombie.read()).isEqualTo(1);
      Node successor = world.node("b");
      world.time.advance(Duration.ofSeconds(2));
      zombie.pause();
      successor.awaitServing();
      successor.await(new Add(10));
      zombie.resume();
      for (int i = 0; i < 100; i++) {
        assertNoStaleRead(zombie.ask(new Read()));
        world.time.advance(Duration.ofMillis(50));
      }
    }
  }

  @Test
  void anAcquisitionThatLandsAfterTheHeartbeatWentOnIsRefused() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node owner = world.node("a");
    owner.await(new Add(1));
    Node follower = world.node("b");
    world.time.advance(Duration.ofSeconds(2));
    List<Fault> delayed = new ArrayList<>();
    world.metadata.always(
        () -> {
          if (world.metadata.sent().getLast().otherwise().contains(ShardWorld.KEYS.owner())) {
            delayed.add(Fault.REQUEST_DELAYED);
            return Fault.REQUEST_DELAYED;
          }
          return Fault.NONE;
        });
    owner.pause();
    world.time.advanceUntil(() -> !delayed.isEmpty(), Duration.ofSeconds(20));
    owner.resume();
    assertThat(owner.read()).isEqualTo(1);
    world.metadata.always(() -> Fault.NONE);
    world.metadata.landDelayed();
    world.time.advance(Duration.ofSeconds(10));
    assertThat(follower.isServing()).isFalse();
    assertThat(owner.await(new Add(1)).answer()).hasValue(2L);
  }

  private static void assertNoStaleRead(Reply reply) {
    assertThat(reply.answer().orElse(CountingShard.NO_RIGHT)).isEqualTo(CountingShard.NO_RIGHT);
  }

  @Test
  void aReadNeedsTheRightToServeAndGetsItBackAfterAnOutage() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node node = world.node("a");
    node.await(new Add(1));
    assertThat(node.read()).isEqualTo(1);
    world.metadata.always(() -> Fault.REQUEST_LOST);
    world.time.advance(Duration.ofSeconds(5));
    assertThat(node.await(new Read()).answer()).hasValue(CountingShard.NO_RIGHT);
    world.metadata.always(() -> Fault.NONE);
    assertThat(node.read()).isEqualTo(1);
  }

  @Test
  void aShardThatBreaksBeginsAgainFromWhatWasCommitted() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), RARELY);
    Node node = world.node("a");
    node.await(new Add(1));
    assertThat(node.await(new Break()).isUnavailable()).isTrue();
    assertThat(node.await(new Add(1)).answer()).hasValue(2L);
  }

  @Test
  void checkpointsCutTheJournal() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), OFTEN);
    Node node = world.node("a");
    for (int i = 0; i < 20; i++) {
      node.await(new Add(1));
    }
    world.time.advance(Duration.ofSeconds(5));
    assertThat(keys(world, ShardWorld.KEYS.journalPrefix())).hasSizeLessThan(3);
    assertThat(keys(world, ShardWorld.KEYS.checkpoint())).hasSize(1);
  }

  @Test
  void aSingleRecordIsCheckpointedWhenItIsOldEnough() {
    ShardWorld world =
        new ShardWorld(
            new VirtualTime(1), new CheckpointSettings(1_000, 1 << 20, Duration.ofSeconds(60)));
    Node node = world.node("a");
    node.await(new Add(1));
    world.time.advance(Duration.ofSeconds(58));
    assertThat(keys(world, ShardWorld.KEYS.checkpoint())).isEmpty();
    world.time.advance(Duration.ofSeconds(4));
    assertThat(keys(world, ShardWorld.KEYS.checkpoint())).hasSize(1);
    assertThat(keys(world, ShardWorld.KEYS.journalPrefix())).isEmpty();
  }

  @Test
  void aPublicationThatLandsLateDoesNotBringAnOldCheckpointBack() {
    ShardWorld world = new ShardWorld(new VirtualTime(1), OFTEN);
    Node node = world.node("a");
    node.awaitServing();
    node.await(new Add(1));
    node.await(new Add(1));
    // The third record's commit is followed by the publication of the first checkpoint.
    world.metadata.always(
        () ->
            world.metadata.sent().getLast().otherwise().contains(ShardWorld.KEYS.checkpoint())
                ? Fault.REQUEST_DELAYED
                : Fault.NONE);
    node.await(new Add(1));
    world.time.advance(Duration.ofMillis(20));
    world.metadata.always(() -> Fault.NONE);
    for (int i = 0; i < 10; i++) {
      node.await(new Add(1));
    }
    world.time.advance(Duration.ofSeconds(5));
    world.metadata.landDelayed();
    node.crash();
    assertThat(world.node("b").read()).isEqualTo(13);
  }

  @Test
  void aCrashAtAnyPointLosesNothingThatWasAnswered() {
    int points = 0;
    for (int crashAfter = 0; crashAfter < 600; crashAfter++) {
      ShardWorld world = new ShardWorld(new VirtualTime(crashAfter), OFTEN);
      Node node = world.node("a");
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        replies.add(node.ask(new Add(1L << i)));
      }
      points += world.time.runSteps(crashAfter) == crashAfter ? 1 : 0;
      node.crash();
      long answered = 0;
      for (int i = 0; i < replies.size(); i++) {
        answered |= replies.get(i).answer().isPresent() ? 1L << i : 0;
      }
      Node next = world.node("b");
      long found = next.read();
      assertThat(found & answered).as("crash after step %s", crashAfter).isEqualTo(answered);
      assertThat(next.await(new Add(1L << 20)).answer()).hasValue(found + (1L << 20));
    }
    assertThat(points).as("crashes in the middle of the work").isGreaterThan(50);
  }

  private static List<String> keys(ShardWorld world, String prefix) {
    var read = world.memory.range(prefix).toCompletableFuture();
    world.time.runUntilIdle();
    return ((ReadOutcome.Read) read.join()).entries().stream().map(Entry::key).toList();
  }
}
