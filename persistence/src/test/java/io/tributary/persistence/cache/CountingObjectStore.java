package io.tributary.persistence.cache;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.MemoryObjectStore;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store on the heap that counts reads, answers them when the test says so, or not at all. */
final class CountingObjectStore implements ObjectStore {
  private final Deque<Runnable> answers = new ArrayDeque<>();
  private final MemoryObjectStore objects = new MemoryObjectStore(answers::add);
  private final List<String> reads = new ArrayList<>();
  private boolean away;

  List<String> reads() {
    return reads;
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  void answerAll() {
    while (!answers.isEmpty()) {
      answers.remove().run();
    }
  }

  <T> T await(CompletionStage<T> stage) {
    answerAll();
    return stage.toCompletableFuture().join();
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    return objects.putIfAbsent(key, parts);
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return read("get " + key, () -> objects.get(key));
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    return read("range " + key, () -> objects.getRange(key, from, length));
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return read("suffix " + key, () -> objects.getSuffix(key, length));
  }

  private CompletionStage<GetOutcome> read(
      String what, Supplier<CompletionStage<GetOutcome>> operation) {
    reads.add(what);
    return away
        ? CompletableFuture.completedFuture(new GetOutcome.Unknown(new IOException("away")))
        : operation.get();
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    return objects.list(prefix, after);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    return objects.delete(key);
  }

  @Override
  public void close() {}
}
