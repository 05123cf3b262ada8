package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.objects.MemoryObjectStore;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The stores behind all links: what takes effect here is durable, and the ledger learns of it. */
final class SharedStores {
  private final MemoryMetadataStore metadata = new MemoryMetadataStore(Runnable::run);
  private final MemoryObjectStore objects = new MemoryObjectStore(Runnable::run);
  private final Ledger ledger;

  /** Runs once, right after the next change. */
  private Runnable afterChange = () -> {};

  SharedStores(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Has {@code strike} happen between the next change and anybody's learning of it. */
  void afterNextChange(Runnable strike) {
    afterChange = strike;
  }

  private void changed() {
    Runnable strike = afterChange;
    afterChange = () -> {};
    strike.run();
  }

  TransactionOutcome transact(Transaction transaction) {
    TransactionOutcome outcome = now(metadata.transact(transaction));
    if (outcome instanceof TransactionOutcome.Applied) {
      ledger.onApplied(transaction);
      changed();
    }
    return outcome;
  }

  ReadOutcome get(String key) {
    return now(metadata.get(key));
  }

  ReadOutcome range(String prefix) {
    return now(metadata.range(prefix));
  }

  PutOutcome put(ObjectKey key, List<Bytes> parts) {
    PutOutcome outcome = now(objects.putIfAbsent(key, parts));
    if (outcome instanceof PutOutcome.Stored
        && now(objects.get(key)) instanceof GetOutcome.Found(Bytes bytes, long _)) {
      ledger.onStored(key, bytes);
      changed();
    }
    return outcome;
  }

  /** Any operation on objects that changes nothing. */
  <T> T read(Function<MemoryObjectStore, CompletionStage<T>> read) {
    return now(read.apply(objects));
  }

  /** As a disk without power, for an object that was never flushed to it. */
  void lose(ObjectKey key) {
    now(objects.delete(key));
    ledger.onLost(key);
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
