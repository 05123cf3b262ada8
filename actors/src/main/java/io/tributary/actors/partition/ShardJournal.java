package io.tributary.actors.partition;

import io.tributary.actors.shard.Journal;
import io.tributary.persistence.Bytes;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The order of a shard's records: places are taken in it, records fill them, and others wait for
 * all up to a point to be committed. Confined to the shard's loop.
 */
final class ShardJournal {
  private final Journal journal;
  private final OrderedSteps steps = new OrderedSteps();
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Waiting::records));
  private long appended;
  private long committed;

  ShardJournal(Journal journal) {
    this.journal = journal;
  }

  private record Waiting(long records, Runnable task) {}

  /** The next place in the order; what fills it may {@link #append}. */
  OrderedSteps.Place take() {
    return steps.take();
  }

  void append(Bytes record, Runnable onCommitted) {
    appended++;
    journal.append(
        record,
        () -> {
          committed++;
          onCommitted.run();
          runReady();
        });
  }

  /** How many records were appended so far. */
  long appended() {
    return appended;
  }

  /** Runs {@code task} once the first {@code records} records are committed. */
  void whenCommitted(long records, Runnable task) {
    waiting.add(new Waiting(records, task));
    runReady();
  }

  private void runReady() {
    while (!waiting.isEmpty() && waiting.peek().records() <= committed) {
      waiting.remove().task().run();
    }
  }
}
