package io.tributary.actors.shard;

import io.tributary.persistence.metadata.MetadataStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store whose transactions go wrong as the test says: what happened and what is told come apart.
 * Reads are not touched.
 */
final class FaultyMetadataStore implements MetadataStore {
  private final MetadataStore store;
  private final boolean exclusive;
  private final List<Transaction> sent = new ArrayList<>();
  private final List<Runnable> delayed = new ArrayList<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private Supplier<Fault> otherwise = () -> Fault.NONE;

  enum Fault {
    NONE,
    /** It happens, and nobody learns of it. */
    ANSWER_LOST,
    /** It does not happen, and nobody learns of that. */
    REQUEST_LOST,
    /** Nobody learns of it, and it happens when the test says {@link #landDelayed}. */
    REQUEST_DELAYED
  }

  FaultyMetadataStore(MetadataStore store, boolean exclusive) {
    this.store = store;
    this.exclusive = exclusive;
  }

  /** What befalls the next transactions, one after the other. */
  void next(Fault... befalling) {
    faults.addAll(List.of(befalling));
  }

  /** What befalls all other transactions. */
  void always(Supplier<Fault> fault) {
    otherwise = fault;
  }

  /** Every transaction that was asked for. */
  List<Transaction> sent() {
    return List.copyOf(sent);
  }

  void landDelayed() {
    List<Runnable> landing = List.copyOf(delayed);
    delayed.clear();
    landing.forEach(Runnable::run);
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    sent.add(transaction);
    Fault fault = faults.isEmpty() ? otherwise.get() : faults.remove();
    return switch (fault) {
      case NONE -> store.transact(transaction);
      case ANSWER_LOST -> store.transact(transaction).thenApply(_ -> unknown());
      case REQUEST_LOST -> CompletableFuture.completedStage(unknown());
      case REQUEST_DELAYED -> {
        delayed.add(() -> store.transact(transaction));
        yield CompletableFuture.completedStage(unknown());
      }
    };
  }

  private static TransactionOutcome unknown() {
    return new TransactionOutcome.Unknown(new IllegalStateException("no answer"));
  }

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return store.get(key);
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return store.range(prefix);
  }

  @Override
  public Watch watch(String prefix, Runnable listener) {
    return store.watch(prefix, listener);
  }

  @Override
  public boolean isExclusive() {
    return exclusive;
  }

  @Override
  public void close() {
    store.close();
  }
}
