package io.tributary.actors.simulation;

import io.tributary.actors.simulation.PartitionLedger.Marks;
import io.tributary.actors.view.BatchBuffers;
import io.tributary.actors.view.ReadOutcome;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A consumer of one partition: reads on from node to node, and checks all it is given. */
final class ModelReader {
  private static final long PAUSE_NANOS_MAX = 150_000_000L;
  private static final long TIMEOUT_NANOS = 4_000_000_000L;
  private static final int BYTES_MAX = 3_000;

  private final World world;
  private final PartitionId partition;
  private final PartitionLedger ledger;
  private final Supplier<List<SimulatedNode>> nodes;
  private final SplittableRandom random;
  private final Map<SimulatedNode, Marks> shown = new HashMap<>();
  private long position;
  private long asked;
  private boolean stopped;

  /**
   * @param nodes it may be connected to
   */
  ModelReader(World world, PartitionId partition, Supplier<List<SimulatedNode>> nodes) {
    this.world = world;
    this.partition = partition;
    this.ledger = world.ledger().partition(partition);
    this.nodes = nodes;
    this.random = world.chance();
  }

  void start() {
    again();
  }

  void stop() {
    stopped = true;
  }

  /** At the end of the log, or without anybody to read from. */
  boolean isDone() {
    return position == ledger.nextOffset()
        || nodes.get().stream().allMatch(node -> node.process.isDead());
  }

  @Override
  public String toString() {
    return "reader of " + partition + " at " + position + " of " + ledger.nextOffset();
  }

  private void again() {
    world.time().after(random.nextLong(PAUSE_NANOS_MAX), this::read);
  }

  private void read() {
    if (stopped) {
      return;
    }
    List<SimulatedNode> known = nodes.get();
    if (known.isEmpty()) {
      again();
      return;
    }
    SimulatedNode node = known.get(random.nextInt(known.size()));
    Connection connection = new Connection(world, node, random.split());
    Marks floor = ledger.told();
    long number = ++asked;
    int bytesMax = 1 + random.nextInt(BYTES_MAX);
    // Sometimes where nothing is yet: the owner must say so.
    long offset = random.nextInt(20) == 0 ? position + random.nextInt(5) : position;
    connection.send(
        () ->
            node.reader
                .read(partition, offset, bytesMax, true)
                .whenComplete(
                    (outcome, _) ->
                        connection.answer(
                            () -> {
                              if (asked == number && !stopped) {
                                asked++;
                                onOutcome(node, offset, outcome, floor);
                                again();
                              }
                            })));
    world
        .time()
        .after(
            TIMEOUT_NANOS,
            () -> {
              if (asked == number) {
                asked++;
                connection.close();
                again();
              }
            });
  }

  private void onOutcome(SimulatedNode node, long offset, ReadOutcome outcome, Marks floor) {
    switch (outcome) {
      case ReadOutcome.Read(BatchBuffers batches, long highWatermark, long logStart) -> {
        Marks marks = new Marks(logStart, highWatermark);
        checkShown(node, marks);
        long end = check(node, offset, batches);
        if (offset == position) {
          position = end;
        }
      }
      case ReadOutcome.OutOfRange(long logStart, long highWatermark) -> {
        Marks marks = new Marks(logStart, highWatermark);
        if (offset < logStart) {
          checkShown(node, marks);
        } else {
          ledger.onTold(node + "'s reader", marks, floor);
        }
        world
            .violations()
            .check(
                offset < logStart || offset > highWatermark,
                "%s says that %d of %s is outside of %s".formatted(node, offset, partition, marks));
        position = Math.max(position, logStart);
      }
      case ReadOutcome.Unavailable _ -> {}
    }
  }

  /** What one node shows never goes back, and is durable. */
  private void checkShown(SimulatedNode node, Marks marks) {
    ledger.checkExists(node + "'s reader", marks);
    Marks before = shown.put(node, marks);
    world
        .violations()
        .check(
            before == null || marks.highWatermark() >= before.highWatermark(),
            "%s showed %s of %s, and then %s".formatted(node, before, partition, marks));
    ledger.onShown(marks);
  }

  /** The offset after the batches, which must be those of the log from {@code offset} on. */
  private long check(SimulatedNode node, long offset, BatchBuffers batches) {
    long next = -1;
    for (int i = 0; i < batches.buffers().size(); i += 2) {
      ByteBuffer header = batches.buffers().get(i).duplicate();
      ByteBuffer rest = batches.buffers().get(i + 1).duplicate();
      ByteBuffer whole = ByteBuffer.allocate(header.remaining() + rest.remaining());
      long baseOffset = header.getLong(header.position());
      Bytes batch = Bytes.wrap(whole.put(header).put(rest).array());
      long end = ledger.checkRead(node.toString(), baseOffset, batch);
      world
          .violations()
          .check(
              next < 0 ? baseOffset <= offset && offset < end : baseOffset == next,
              "%s gave %d of %s, asked for %d".formatted(node, baseOffset, partition, offset));
      next = end;
    }
    return next < 0 ? offset : next;
  }
}
