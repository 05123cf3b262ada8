package io.tributary.actors.simulation;

import io.tributary.actors.partition.DeleteRecordsAnswer;
import io.tributary.actors.partition.LatestAnswer;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.simulation.PartitionLedger.Marks;
import io.tributary.persistence.model.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** Asks owners for the newest watermarks, and has records deleted now and then. */
final class ModelAdmin {
  private static final long BETWEEN_NANOS_MAX = 400_000_000L;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int DELETES_ONE_IN = 12;

  private final World world;
  private final SplittableRandom random;

  ModelAdmin(World world) {
    this.world = world;
    this.random = world.chance();
  }

  void start() {
    world.time().after(random.nextLong(BETWEEN_NANOS_MAX), this::ask);
  }

  private void ask() {
    List<SimulatedNode> nodes = world.nodes();
    List<PartitionId> partitions = World.partitions();
    PartitionId partition = partitions.get(random.nextInt(partitions.size()));
    if (!nodes.isEmpty()) {
      SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
      PartitionLedger ledger = world.ledger().partition(partition);
      if (random.nextInt(DELETES_ONE_IN) == 0) {
        delete(node, partition, ledger);
      } else {
        Marks floor = ledger.told();
        ask(
            node,
            partition,
            new PartitionRequest.Latest(partition),
            (who, answer) -> {
              if (answer instanceof LatestAnswer.Watermarks(long logStart, long highWatermark)) {
                ledger.onTold(who, new Marks(logStart, highWatermark), floor);
              }
            });
      }
    }
    start();
  }

  private void delete(SimulatedNode node, PartitionId partition, PartitionLedger ledger) {
    Marks floor = ledger.told();
    long before = random.nextLong(ledger.nextOffset() / 2 + 1);
    ask(
        node,
        partition,
        new PartitionRequest.DeleteRecords(partition, before),
        (who, answer) -> {
          switch (answer) {
            case DeleteRecordsAnswer.Moved(long logStart) -> {
              world
                  .violations()
                  .check(logStart >= before, who + " moved the log start only to " + logStart);
              ledger.onTold(who, new Marks(logStart, floor.highWatermark()), floor);
            }
            case DeleteRecordsAnswer.OutOfRange(long highWatermark) ->
                ledger.onTold(who, new Marks(floor.logStartOffset(), highWatermark), floor);
            case DeleteRecordsAnswer.UnknownPartition() ->
                world.violations().report(who + " says that " + partition + " is deleted");
          }
        });
  }

  private <A> void ask(
      SimulatedNode node,
      PartitionId partition,
      PartitionRequest<A> request,
      BiConsumer<String, A> onAnswer) {
    node.network.execute(
        () ->
            node.router
                .ask(World.SHARDS.shardOf(partition), request, TIMEOUT)
                .whenComplete(
                    (answer, failure) -> {
                      if (failure == null) {
                        onAnswer.accept("the owner, asked by " + node + ",", answer);
                      }
                    }));
  }
}
