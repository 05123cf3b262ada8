package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MetadataStore;
import java.util.concurrent.CompletionStage;

/** The metadata store as one process sees it. */
final class LinkedMetadataStore implements MetadataStore {
  private static final IllegalStateException NO_ANSWER = new IllegalStateException("no answer");

  private final SharedStores stores;
  private final StoreLink link;
  private final Faults faults;

  LinkedMetadataStore(SharedStores stores, StoreLink link, Faults faults) {
    this.stores = stores;
    this.link = link;
    this.faults = faults;
  }

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return link.read(() -> stores.get(key), () -> new ReadOutcome.Unknown(NO_ANSWER));
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return link.read(() -> stores.range(prefix), () -> new ReadOutcome.Unknown(NO_ANSWER));
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    return link.change(
        () -> {
          TransactionOutcome outcome = stores.transact(transaction);
          if (outcome instanceof TransactionOutcome.Refused refused) {
            onRefused(transaction, refused);
          }
          return outcome;
        },
        () -> new TransactionOutcome.Unknown(NO_ANSWER));
  }

  /** Counts what commits find. */
  private void onRefused(Transaction transaction, TransactionOutcome.Refused refused) {
    for (Write write : transaction.then()) {
      if (write instanceof Write.Put(String key, Bytes value) && key.contains("/journal/")) {
        boolean itself =
            refused.entries().stream()
                .anyMatch(entry -> entry.key().equals(key) && entry.value().equals(value));
        faults.hit(itself ? Fault.COMMIT_FOUND_ITSELF : Fault.COMMIT_REFUSED);
      }
    }
  }

  @Override
  public Watch watch(String prefix, Runnable listener) {
    throw new UnsupportedOperationException("nothing in the simulation watches");
  }

  @Override
  public boolean isExclusive() {
    return false;
  }

  @Override
  public void close() {}
}
