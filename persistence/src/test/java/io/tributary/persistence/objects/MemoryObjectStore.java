package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An object store on the heap, for simulations: no thread and no time of its own ({@code
 * modifiedAtMs} is 0). Operations take effect when they are called; stages complete on the given
 * executor.
 */
public final class MemoryObjectStore implements ObjectStore {
  private final NavigableMap<ObjectKey, Bytes> objects;
  private final Executor executor;

  public MemoryObjectStore(Executor executor) {
    this(new ConcurrentSkipListMap<>(), executor);
  }

  private MemoryObjectStore(NavigableMap<ObjectKey, Bytes> objects, Executor executor) {
    this.objects = objects;
    this.executor = executor;
  }

  /** The same objects, answering another node on its own executor. */
  public MemoryObjectStore on(Executor other) {
    return new MemoryObjectStore(objects, other);
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    return answer(
        () -> {
          Bytes object = concatenate(parts, ObjectRules.checkPut(parts));
          return objects.putIfAbsent(key, object) == null
              ? new PutOutcome.Stored()
              : new PutOutcome.Occupied();
        });
  }

  private static Bytes concatenate(List<Bytes> parts, int sizeBytes) {
    byte[] object = new byte[sizeBytes];
    int position = 0;
    for (Bytes part : parts) {
      part.copyTo(object, position);
      position += part.length();
    }
    return Bytes.wrap(object);
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return getRange(key, 0, Integer.MAX_VALUE);
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    return answer(
        () -> {
          ObjectRules.checkRange(from, length);
          return found(
              key,
              object -> {
                int start = (int) Math.min(from, object.length());
                return object.slice(start, Math.min(length, object.length() - start));
              });
        });
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return answer(
        () -> {
          ObjectRules.checkRange(0, length);
          return found(
              key,
              object -> {
                int count = Math.min(length, object.length());
                return object.slice(object.length() - count, count);
              });
        });
  }

  private GetOutcome found(ObjectKey key, UnaryOperator<Bytes> cut) {
    Bytes object = objects.get(key);
    return object == null
        ? new GetOutcome.Absent()
        : new GetOutcome.Found(cut.apply(object), object.length());
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    return answer(
        () -> {
          List<Entry> page = new ArrayList<>();
          NavigableMap<ObjectKey, Bytes> rest =
              after.map(key -> objects.tailMap(key, false)).orElse(objects);
          for (var object : rest.entrySet()) {
            if (object.getKey().value().startsWith(prefix)) {
              if (page.size() == LIST_PAGE_MAX) {
                return new ListOutcome.Listed(List.copyOf(page), true);
              }
              page.add(new Entry(object.getKey(), object.getValue().length(), 0));
            }
          }
          return new ListOutcome.Listed(List.copyOf(page), false);
        });
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    return answer(
        () -> {
          objects.remove(key);
          return new DeleteOutcome.Deleted();
        });
  }

  /** The operation happens now; its outcome is told on the executor. */
  private <T> CompletionStage<T> answer(Supplier<? extends T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      T outcome = operation.get();
      executor.execute(() -> answer.complete(outcome));
    } catch (IllegalArgumentException mistake) {
      executor.execute(() -> answer.completeExceptionally(mistake));
    }
    return answer;
  }

  @Override
  public void close() {}
}
