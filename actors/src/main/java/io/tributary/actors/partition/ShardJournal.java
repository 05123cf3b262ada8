package io.tributary.actors.partition;

import io.tributary.actors.shard.Journal;
import io.tributary.persistence.Bytes;
import java.util.ArrayDeque;

/** The shard's journal, with the means to wait for all records so far. */
final class ShardJournal {
  private final Journal journal;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long appended;
  private long committed;

  ShardJournal(Journal journal) {
    this.journal = journal;
  }

  private record Waiting(long records, Runnable task) {}

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

  /** Runs {@code task} once all records appended so far are committed. */
  void whenCommitted(Runnable task) {
    waiting.add(new Waiting(appended, task));
    runReady();
  }

  private void runReady() {
    while (!waiting.isEmpty() && waiting.peek().records() <= committed) {
      waiting.remove().task().run();
    }
  }
}
