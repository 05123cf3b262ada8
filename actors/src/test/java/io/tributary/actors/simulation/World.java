package io.tributary.actors.simulation;

import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The cluster of one simulation: its processes, the stores behind them, and where each shard is
 * said to be. Placement is only a hint, as Pekko's is: it may be wrong, late, and name two.
 */
final class World {
  static final ShardCounts SHARDS = new ShardCounts(2, 1, 1);
  private static final UUID TOPIC = new UUID(1, 2);
  private static final int PARTITIONS = 4;

  /** How long a process must stand still before its shards are placed elsewhere. */
  private static final long UNREACHABLE_NANOS = 1_500_000_000L;

  private static final long STOPPING_NANOS_MAX = 10_000_000_000L;
  private static final long PLACING_NANOS = 250_000_000L;

  private final Timeline time = new Timeline();
  private final Violations violations = new Violations(time);
  private final SplittableRandom random;
  private final Faults faults;
  private final Sabotage sabotage;
  private final Ledger ledger;
  private final SharedStores stores;
  private final int checkpointRecords;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Map<ShardId, SimulatedNode> homes = new TreeMap<>();
  private final Map<ShardId, SimulatedNode> leaving = new HashMap<>();
  private final Map<SimulatedNode, Long> pausedAtNanos = new HashMap<>();
  private final Set<SimulatedNode> stopping = new HashSet<>();
  private long incarnations;
  private int connections;

  World(long seed, Sabotage sabotage) {
    this.random = new SplittableRandom(seed);
    this.sabotage = sabotage;
    this.faults = new Faults(random.nextInt(5) == 0 ? 3 : random.nextDouble() * 1.5);
    this.ledger = new Ledger(SHARDS, partitions(), violations, faults);
    this.stores = new SharedStores(ledger);
    this.checkpointRecords = 2 + random.nextInt(12);
    time.after(PLACING_NANOS, this::place);
  }

  static List<PartitionId> partitions() {
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new PartitionId(TOPIC, i)).toList();
  }

  Timeline time() {
    return time;
  }

  Violations violations() {
    return violations;
  }

  Faults faults() {
    return faults;
  }

  Ledger ledger() {
    return ledger;
  }

  SharedStores stores() {
    return stores;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  int nextConnection() {
    return connections++;
  }

  int checkpointRecords() {
    return checkpointRecords;
  }

  /** A source of chance of its own, for one part of the world. */
  SplittableRandom chance() {
    return random.split();
  }

  SimulatedNode start(String name) {
    incarnations++;
    SimulatedProcess process =
        new SimulatedProcess(
            time,
            name + "." + incarnations,
            random.nextLong(),
            failure -> violations.report("a task failed: " + describe(failure)));
    SimulatedNode node = new SimulatedNode(this, process, name, incarnations);
    nodes.add(node);
    return node;
  }

  void kill(SimulatedNode node) {
    violations.trace(() -> "kill " + node);
    node.process.kill();
    nodes.remove(node);
    pausedAtNanos.remove(node);
    stopping.remove(node);
  }

  /** An orderly stop, as far as it gets in time. */
  void stop(SimulatedNode node) {
    violations.trace(() -> "stop " + node);
    stopping.add(node);
    node.stop(shard -> homes.remove(shard, node), () -> onStopped(node));
    time.after(STOPPING_NANOS_MAX, () -> kill(node));
  }

  private void onStopped(SimulatedNode node) {
    faults.hit(Fault.ORDERLY_STOP);
    kill(node);
  }

  void pause(SimulatedNode node) {
    violations.trace(() -> "pause " + node);
    node.process.pause();
    pausedAtNanos.put(node, time.nowNanos());
  }

  void resume(SimulatedNode node) {
    violations.trace(() -> "resume " + node);
    pausedAtNanos.remove(node);
    node.process.resume();
  }

  /** Those that are not dead. */
  List<SimulatedNode> nodes() {
    return nodes;
  }

  List<SimulatedNode> running() {
    return nodes.stream()
        .filter(node -> node.process.isRunning() && !stopping.contains(node))
        .toList();
  }

  /** Where a message for the shard goes. */
  Optional<SimulatedNode> route(ShardId shard, boolean misrouted) {
    return misrouted && !nodes.isEmpty()
        ? Optional.of(nodes.get(random.nextInt(nodes.size())))
        : Optional.ofNullable(homes.get(shard));
  }

  Map<ShardId, SimulatedNode> homes() {
    return homes;
  }

  /** Places the shard anew while its old home still runs. */
  void move(ShardId shard, SimulatedNode target) {
    violations.trace(() -> shard + " moves to " + target);
    leaving.remove(shard);
    homes.put(shard, target);
    target.host(shard);
  }

  /** Has the old home let the shard go first. */
  void handOver(ShardId shard, SimulatedNode target) {
    SimulatedNode from = homes.get(shard);
    if (from != null && !leaving.containsKey(shard)) {
      leaving.put(shard, from);
      from.release(
          shard,
          () -> {
            if (leaving.remove(shard, from)) {
              move(shard, target);
            }
          });
    }
  }

  private void place() {
    List<SimulatedNode> running = running();
    for (ShardId shard : shards()) {
      SimulatedNode home = homes.get(shard);
      if (!running.isEmpty() && (home == null || isGone(home))) {
        if (home != null) {
          faults.hit(Fault.FAIL_OVER);
        }
        move(shard, running.get(random.nextInt(running.size())));
      }
      for (SimulatedNode node : running) {
        boolean stray = node.hosts(shard) && homes.get(shard) != node;
        if (stray && (faults.areHealed() || random.nextInt(8) == 0)) {
          node.drop(shard);
        }
      }
    }
    time.after(PLACING_NANOS, this::place);
  }

  static List<ShardId> shards() {
    return partitions().stream().map(SHARDS::shardOf).distinct().sorted().toList();
  }

  private boolean isGone(SimulatedNode node) {
    Long since = pausedAtNanos.get(node);
    return node.process.isDead() || (since != null && time.nowNanos() - since > UNREACHABLE_NANOS);
  }

  void onBroken(String why) {
    violations.report("a node must end: " + why);
  }

  void onShardBroken(SimulatedNode node, Throwable failure) {
    violations.report("a shard of " + node + " broke: " + describe(failure));
  }

  /** A newer incarnation has the node's name: its process ends soon. */
  void onSuperseded(SimulatedNode node) {
    faults.hit(Fault.NODE_SUPERSEDED);
    time.after(random.nextLong(1_000_000_000L), () -> kill(node));
  }

  private static String describe(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return failure + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
