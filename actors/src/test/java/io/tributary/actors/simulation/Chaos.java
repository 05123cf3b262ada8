package io.tributary.actors.simulation;

import io.tributary.persistence.model.ShardId;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What befalls the nodes of a world, until it heals. */
final class Chaos {
  private static final List<String> NAMES = List.of("a", "b");
  private static final long SECOND = 1_000_000_000L;

  private final World world;
  private final SplittableRandom random;
  private final long betweenNanos;
  private boolean healed;

  Chaos(World world) {
    this.world = world;
    this.random = world.chance();
    this.betweenNanos = (1 + random.nextLong(4)) * SECOND;
  }

  void begin() {
    NAMES.forEach(world::start);
    soon();
  }

  /** Everything runs, and nothing goes wrong any more. */
  void heal() {
    healed = true;
    world.faults().heal();
    for (SimulatedNode node : List.copyOf(world.nodes())) {
      node.objectLink.mend();
      node.metadataLink.mend();
      if (node.process.isPaused()) {
        world.resume(node);
      }
    }
    keepStarted();
  }

  /** A process that learns late that another took its name still ends. */
  private void keepStarted() {
    startMissing();
    world.time().after(SECOND, this::keepStarted);
  }

  private void startMissing() {
    Set<String> there = world.nodes().stream().map(node -> node.name).collect(Collectors.toSet());
    NAMES.stream().filter(name -> !there.contains(name)).forEach(world::start);
  }

  private void soon() {
    world.time().after(SECOND / 5 + random.nextLong(betweenNanos), this::strike);
  }

  private void strike() {
    if (healed) {
      return;
    }
    List<SimulatedNode> running = world.running();
    if (running.isEmpty() || random.nextInt(3) == 0) {
      startMissing();
    } else {
      strike(running.get(random.nextInt(running.size())));
    }
    soon();
  }

  private void strike(SimulatedNode node) {
    switch (random.nextInt(11)) {
      case 0 -> crash(node);
      case 1 -> atNextChange(node, this::crash);
      case 2 -> pause(node);
      case 3 -> atNextChange(node, this::pause);
      case 4, 5, 6 -> moveSome(true);
      case 7 -> moveSome(false);
      case 8 -> outage(node);
      case 9 -> world.stop(node);
      default -> restartBeside(node);
    }
  }

  /** Between a change in a store and anybody's learning of it. */
  private void atNextChange(SimulatedNode node, Consumer<SimulatedNode> strike) {
    world
        .stores()
        .afterNextChange(
            () -> {
              if (!healed && node.process.isRunning()) {
                strike.accept(node);
              }
            });
  }

  private void crash(SimulatedNode node) {
    world.faults().hit(Fault.CRASH);
    world.kill(node);
    world
        .time()
        .after(
            random.nextLong(4 * SECOND),
            () -> {
              if (!healed) {
                startMissing();
              }
            });
  }

  private void pause(SimulatedNode node) {
    world.faults().hit(Fault.PAUSE);
    world.pause(node);
    long nanos = random.nextBoolean() ? random.nextLong(SECOND) : random.nextLong(9 * SECOND);
    world.time().after(nanos, () -> wake(node));
  }

  private void wake(SimulatedNode node) {
    if (!healed && node.process.isPaused() && !node.process.isDead()) {
      world.resume(node);
    }
  }

  /** The old process stands still while the next incarnation of the node starts. */
  private void restartBeside(SimulatedNode node) {
    world.faults().hit(Fault.RESTART_BESIDE_PAUSED);
    world.pause(node);
    world.start(node.name);
    world.time().after(random.nextLong(8 * SECOND), () -> wake(node));
  }

  private void moveSome(boolean orderly) {
    List<SimulatedNode> running = world.running();
    SimulatedNode target = running.get(random.nextInt(running.size()));
    for (ShardId shard : World.shards()) {
      if (random.nextBoolean() && world.homes().get(shard) != target) {
        if (orderly) {
          world.faults().hit(Fault.HAND_OVER);
          world.handOver(shard, target);
        } else {
          world.faults().hit(Fault.MOVED_WITHOUT_RELEASE);
          world.move(shard, target);
        }
      }
    }
  }

  private void outage(SimulatedNode node) {
    world.faults().hit(Fault.STORE_OUTAGE);
    StoreLink link = random.nextBoolean() ? node.objectLink : node.metadataLink;
    link.cut();
    world.time().after(random.nextLong(5 * SECOND), link::mend);
  }
}
