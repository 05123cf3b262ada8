package io.tributary.actors.cluster;

import io.tributary.persistence.metadata.MetadataStore;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A metadata store whose answers get lost when the test says so. */
final class UnreliableMetadataStore implements MetadataStore {
  enum Fate {
    /** It happens; nobody is told. */
    ANSWER_LOST,
    /** It never happens; nobody is told. */
    REQUEST_LOST,
    /** It happens when the test calls {@link #landLate}; nobody is told. */
    LATE
  }

  private final MetadataStore store;
  private final Queue<Fate> fates = new ArrayDeque<>();
  private final Queue<Transaction> late = new ArrayDeque<>();
  private boolean away;
  private CompletableFuture<@Nullable Void> answering = CompletableFuture.completedFuture(null);

  UnreliableMetadataStore(MetadataStore store) {
    this.store = store;
  }

  /** What becomes of the next transaction that has no fate yet. */
  void next(Fate fate) {
    fates.add(fate);
  }

  void landLate() {
    late.forEach(store::transact);
    late.clear();
  }

  /** Nothing is answered, and nothing happens, while the store is away. */
  void away(boolean nowAway) {
    away = nowAway;
  }

  /**
   * From now on ranges are read when they are asked for, but answered by {@link #releaseAnswers}.
   */
  void holdAnswers() {
    answering = new CompletableFuture<>();
  }

  void releaseAnswers() {
    answering.complete(null);
  }

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return away ? lostRead() : store.get(key);
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return away ? lostRead() : store.range(prefix).thenCombine(answering, (outcome, _) -> outcome);
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    if (away) {
      return lostTransaction();
    }
    Fate fate = fates.poll();
    if (fate == null) {
      return store.transact(transaction);
    }
    switch (fate) {
      case ANSWER_LOST -> store.transact(transaction);
      case REQUEST_LOST -> {}
      case LATE -> late.add(transaction);
    }
    return lostTransaction();
  }

  private static CompletionStage<ReadOutcome> lostRead() {
    return CompletableFuture.completedFuture(new ReadOutcome.Unknown(new TimeoutException()));
  }

  private static CompletionStage<TransactionOutcome> lostTransaction() {
    return CompletableFuture.completedFuture(
        new TransactionOutcome.Unknown(new TimeoutException()));
  }

  @Override
  public Watch watch(String prefix, Runnable listener) {
    return store.watch(prefix, listener);
  }

  @Override
  public boolean isExclusive() {
    return store.isExclusive();
  }

  @Override
  public void close() {
    store.close();
  }
}
