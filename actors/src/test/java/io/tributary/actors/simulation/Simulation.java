package io.tributary.actors.simulation;

import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One history: chaos, then healing, then everything must have come to an end, be there for every
 * node to read, and be there for one that finds nothing but the stores.
 */
final class Simulation {
  private static final long SECOND = 1_000_000_000L;
  private static final long HEALED_NANOS_MAX = 180 * SECOND;

  private final World world;
  private final Chaos chaos;
  private final SplittableRandom random;
  private final List<ModelProducer> producers = new ArrayList<>();
  private final List<ModelReader> readers = new ArrayList<>();

  /**
   * @param events how much happened
   */
  record Result(Optional<Violation> violation, Map<Fault, Long> hits, long events) {}

  private Simulation(long seed, Sabotage sabotage) {
    world = new World(seed, sabotage);
    chaos = new Chaos(world);
    random = world.chance();
  }

  static Result run(long seed, Sabotage sabotage) {
    Simulation simulation = new Simulation(seed, sabotage);
    try {
      simulation.run();
    } catch (Violation violation) {
      // The world has kept the first one.
    }
    return new Result(
        simulation.world.violations().first(),
        simulation.world.faults().hits(),
        simulation.world.time().ran());
  }

  private void run() {
    chaos.begin();
    startClients();
    pass((4 + random.nextLong(12)) * SECOND);
    chaos.heal();
    passUntil(() -> producers.stream().allMatch(ModelProducer::isDone), producers::toString);
    readers.forEach(ModelReader::stop);
    readAll();
    List.copyOf(world.nodes()).forEach(world::kill);
    world.start("c");
    readAll();
  }

  private void startClients() {
    List<PartitionId> partitions = World.partitions();
    for (int i = 0; i < partitions.size() + 2; i++) {
      ModelBatch.Producer producer = new ModelBatch.Producer(100 + i, random.nextInt(3) > 0);
      PartitionId partition = partitions.get(i % partitions.size());
      producers.add(new ModelProducer(world, partition, producer, 10 + random.nextInt(20)));
    }
    producers.forEach(ModelProducer::start);
    for (PartitionId partition : partitions.subList(0, 2)) {
      readers.add(new ModelReader(world, partition, world::nodes));
    }
    readers.forEach(ModelReader::start);
    new ModelAdmin(world).start();
  }

  /** Every node that runs reads every partition to its end. */
  private void readAll() {
    List<SimulatedNode> nodes = List.copyOf(world.running());
    List<ModelReader> all =
        nodes.stream()
            .flatMap(
                node ->
                    World.partitions().stream()
                        .map(id -> new ModelReader(world, id, () -> List.of(node))))
            .toList();
    all.forEach(ModelReader::start);
    passUntil(() -> all.stream().allMatch(ModelReader::isDone), all::toString);
    all.forEach(ModelReader::stop);
  }

  private void pass(long nanos) {
    long untilNanos = world.time().nowNanos() + nanos;
    while (world.time().runOne(untilNanos)) {
      check();
    }
  }

  private void passUntil(BooleanSupplier condition, Supplier<String> whatIsMissing) {
    long untilNanos = world.time().nowNanos() + HEALED_NANOS_MAX;
    while (!condition.getAsBoolean()) {
      if (!world.time().runOne(untilNanos)) {
        throw world
            .violations()
            .report("healed for 180 s, and still missing: " + whatIsMissing.get());
      }
      check();
    }
  }

  private void check() {
    world
        .violations()
        .first()
        .ifPresent(
            violation -> {
              throw violation;
            });
  }

  static Stream<Long> seeds(long first, int count) {
    return Stream.iterate(first, seed -> seed + 1).limit(count);
  }
}
