package io.tributary.actors.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.CountingShard.Add;
import io.tributary.actors.shard.CountingShard.Read;
import io.tributary.actors.shard.FaultyMetadataStore.Fault;
import io.tributary.actors.shard.ShardWorld.Node;
import io.tributary.actors.shard.ShardWorld.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whole histories of one shard: nodes come, stand still, go on, let go and crash, answers of the
 * store get lost, and clients add and read everywhere. Each addition is a bit of its own, so that a
 * sum tells which additions it has.
 */
class ShardHistoryTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 120;
  private static final int ADDITIONS_MAX = 60;

  @Test
  void whatWasAnsweredStaysAndNoReadIsStale() {
    long answered = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      answered += Long.bitCount(new History(seed).run());
    }
    assertThat(answered).as("additions answered in all histories").isGreaterThan(SEEDS * 10L);
  }

  private record Addition(long bit, Reply reply) {}

  /**
   * @param answeredBefore the additions that were answered when the read was asked
   */
  private record Reading(long answeredBefore, Reply reply) {}

  private static final class History {
    private final long seed;
    private final VirtualTime time;
    private final Random random;
    private final ShardWorld world;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> paused = new ArrayList<>();
    private final List<Addition> additions = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();

    History(long seed) {
      this.seed = seed;
      time = new VirtualTime(seed);
      random = time.random();
      world =
          new ShardWorld(
              time,
              new CheckpointSettings(3, 1 << 20, Duration.ofMillis(random.nextInt(1, 5_000))));
      nodes.add(world.node("a"));
      nodes.add(world.node("b"));
    }

    /** The additions that were answered. */
    long run() {
      int faultsInTen = random.nextInt(4);
      world.metadata.always(() -> random.nextInt(10) < faultsInTen ? anyFault() : Fault.NONE);
      for (int step = 0; step < STEPS; step++) {
        act();
        if (random.nextBoolean()) {
          time.runSteps(random.nextInt(40));
        } else {
          time.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 6_000 : 200)));
        }
      }
      checkReadings();
      return checkTheEnd();
    }

    private void act() {
      switch (random.nextInt(12)) {
        case 0 -> pauseOne();
        case 1, 2 -> resumeOne();
        case 3 -> replaceOne();
        case 4 -> world.metadata.landDelayed();
        case 5, 6, 7 -> readings.add(new Reading(answered(), any(nodes).ask(new Read())));
        default -> addOne();
      }
    }

    private Fault anyFault() {
      return Fault.values()[random.nextInt(Fault.values().length)];
    }

    private <T> T any(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    private void addOne() {
      if (additions.size() < ADDITIONS_MAX) {
        long bit = 1L << additions.size();
        additions.add(new Addition(bit, any(nodes).ask(new Add(bit))));
      }
    }

    private void pauseOne() {
      Node node = any(nodes);
      if (!paused.contains(node)) {
        node.pause();
        paused.add(node);
      }
    }

    private void resumeOne() {
      if (!paused.isEmpty()) {
        Node node = any(paused);
        paused.remove(node);
        node.resume();
      }
    }

    private void replaceOne() {
      Node gone = any(nodes);
      if (random.nextBoolean() && !paused.contains(gone)) {
        gone.release(() -> {});
      } else {
        gone.crash();
      }
      nodes.remove(gone);
      paused.remove(gone);
      nodes.add(world.node(random.nextBoolean() ? "a" : "b"));
    }

    private long answered() {
      return additions.stream()
          .filter(addition -> addition.reply().answer().isPresent())
          .mapToLong(Addition::bit)
          .reduce(0, (left, right) -> left | right);
    }

    private void checkReadings() {
      for (Reading reading : readings) {
        long sum = reading.reply().answer().orElse(CountingShard.NO_RIGHT);
        if (sum != CountingShard.NO_RIGHT) {
          assertThat(sum & reading.answeredBefore())
              .as("seed %s: additions answered before a read was asked", seed)
              .isEqualTo(reading.answeredBefore());
        }
      }
    }

    private long checkTheEnd() {
      world.metadata.always(() -> Fault.NONE);
      nodes.forEach(Node::crash);
      world.metadata.landDelayed();
      long before = answered();
      long found = world.node("last").read();
      assertThat(found & before).as("seed %s: answered additions found", seed).isEqualTo(before);
      assertThat(found >>> additions.size()).as("seed %s: only what was asked", seed).isZero();
      return before;
    }
  }
}
