package io.tributary.actors.view;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Counts whole-object GETs, and lets some of them go unanswered. */
final class CountingStore implements ObjectStore {
  private final ObjectStore store;
  private int gets;
  private int failing;

  CountingStore(ObjectStore store) {
    this.store = store;
  }

  int gets() {
    return gets;
  }

  void failGets(int count) {
    failing = count;
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    gets++;
    if (failing > 0) {
      failing--;
      return CompletableFuture.completedFuture(
          new GetOutcome.Unknown(new IOException("no answer")));
    }
    return store.get(key);
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    return store.putIfAbsent(key, parts);
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    return store.getRange(key, from, length);
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return store.getSuffix(key, length);
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    return store.list(prefix, after);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    return store.delete(key);
  }

  @Override
  public void close() {
    store.close();
  }
}
