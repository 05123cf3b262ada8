package io.tributary.persistence.metadata;

import io.tributary.persistence.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A metadata store on the heap, for simulations: no thread and no time of its own. Operations take
 * effect when they are called; stages complete, and watchers are told, on the given executor.
 */
public final class MemoryMetadataStore implements MetadataStore {
  private final State state;
  private final Executor executor;

  public MemoryMetadataStore(Executor executor) {
    this(new State(), executor);
  }

  private MemoryMetadataStore(State state, Executor executor) {
    this.state = state;
    this.executor = executor;
  }

  /** The same keys, answering another node on its own executor. */
  public MemoryMetadataStore on(Executor other) {
    return new MemoryMetadataStore(state, other);
  }

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return answer(() -> state.read(List.of(key)));
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return answer(() -> state.range(prefix));
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    return answer(
        () -> {
          TransactionRules.check(transaction);
          return state.transact(transaction);
        });
  }

  /** The operation happens now; its outcome is told on the executor. */
  private <T> CompletionStage<T> answer(Supplier<T> operation) {
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
  public Watch watch(String prefix, Runnable listener) {
    Watcher watcher = new Watcher(prefix, listener, executor);
    state.watchers.add(watcher);
    return () -> state.watchers.remove(watcher);
  }

  @Override
  public boolean isExclusive() {
    return false;
  }

  @Override
  public void close() {}

  private record Watcher(String prefix, Runnable listener, Executor executor) {}

  private static final class State {
    private final TreeMap<String, Entry> entries = new TreeMap<>(KeyOrder.COMPARATOR);
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private long revision = 1;

    synchronized ReadOutcome read(List<String> keys) {
      return new ReadOutcome.Read(present(keys), revision);
    }

    private List<Entry> present(List<String> keys) {
      List<Entry> found = new ArrayList<>();
      for (String key : keys) {
        Entry entry = entries.get(key);
        if (entry != null) {
          found.add(entry);
        }
      }
      return List.copyOf(found);
    }

    synchronized ReadOutcome range(String prefix) {
      List<Entry> found = new ArrayList<>();
      for (Map.Entry<String, Entry> entry : entries.tailMap(prefix, true).entrySet()) {
        if (!entry.getKey().startsWith(prefix)) {
          break;
        }
        found.add(entry.getValue());
      }
      return new ReadOutcome.Read(List.copyOf(found), revision);
    }

    synchronized TransactionOutcome transact(Transaction transaction) {
      for (Compare compare : transaction.compares()) {
        if (!holds(compare)) {
          return new TransactionOutcome.Refused(present(transaction.otherwise()), revision);
        }
      }
      if (!transaction.then().isEmpty()) {
        revision++;
      }
      List<String> written = new ArrayList<>();
      transaction.then().forEach(write -> apply(write, written));
      for (Watcher watcher : watchers) {
        if (written.stream().anyMatch(key -> key.startsWith(watcher.prefix))) {
          watcher.executor.execute(watcher.listener);
        }
      }
      return new TransactionOutcome.Applied(revision);
    }

    private boolean holds(Compare compare) {
      @Nullable Entry entry = entries.get(compare.key());
      return switch (compare) {
        case Compare.Absent _ -> entry == null;
        case Compare.ValueIs(String _, Bytes value) -> entry != null && entry.value().equals(value);
        case Compare.VersionIs(String _, long version) ->
            entry != null && entry.version() == version;
      };
    }

    private void apply(Write write, List<String> written) {
      switch (write) {
        case Write.Put(String key, Bytes value) -> {
          entries.put(key, new Entry(key, value, revision));
          written.add(key);
        }
        case Write.Delete(String key) -> {
          entries.remove(key);
          written.add(key);
        }
        case Write.DeleteRange(String from, String to) -> {
          if (KeyOrder.compare(from, to) < 0) {
            Map<String, Entry> range = entries.subMap(from, to);
            written.addAll(range.keySet());
            range.clear();
          }
        }
      }
    }
  }
}
