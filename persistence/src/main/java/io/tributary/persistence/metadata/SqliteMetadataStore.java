package io.tributary.persistence.metadata;

import io.tributary.persistence.Bytes;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata in one SQLite file, which this process alone may open. One thread has the connection; it
 * puts all calls that wait into one SQLite transaction, so that many commits share one sync of the
 * disk. Inside it they run one after another, each with its own compares and revision, and are
 * answered after the commit. When that fails, all of them are unknown.
 */
public final class SqliteMetadataStore implements MetadataStore {
  private static final Logger log = LoggerFactory.getLogger(SqliteMetadataStore.class);

  /** Most calls that wait for the thread; one more ends as unknown at once. */
  private static final int WAITING_MAX = 16_384;

  /** Most calls of one SQLite transaction. */
  private static final int BATCH_MAX = 256;

  private final SqliteFile file;
  private final String keyPrefix;
  private final BlockingQueue<Call<?>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Keys that the batch changes; the thread's own. */
  private List<String> written = new ArrayList<>();

  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param fsync false trades what a power cut takes away for speed; a killed process loses nothing
   *     either way
   * @param keyPrefix stands before every key in the file
   * @throws IllegalStateException the file cannot be used, or another process holds it
   */
  public SqliteMetadataStore(Path path, boolean fsync, String keyPrefix) {
    this.file = SqliteFile.open(path, fsync);
    this.keyPrefix = keyPrefix;
    this.thread = Thread.ofPlatform().name("metadata-sqlite").daemon().start(this::serve);
  }

  private interface Operation<T> {
    T run() throws SQLException;
  }

  /** Something for the thread to do. */
  private record Call<T>(
      Operation<? extends T> operation,
      Function<Throwable, ? extends T> unknown,
      CompletableFuture<T> answer) {

    /** Returns what answers it once the batch is committed. */
    Runnable run() throws SQLException {
      T outcome = operation.run();
      return () -> answer.complete(outcome);
    }

    void fail(Throwable cause) {
      answer.complete(unknown.apply(cause));
    }
  }

  private record Watcher(String keyPrefix, Runnable listener) {}

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return call(
        () -> new ReadOutcome.Read(entries(List.of(key)), file.revision()),
        ReadOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return call(
        () ->
            new ReadOutcome.Read(
                file.range(keyPrefix + prefix).stream().map(this::relative).toList(),
                file.revision()),
        ReadOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    try {
      TransactionRules.check(transaction);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return call(() -> decide(transaction), TransactionOutcome.Unknown::new);
  }

  private <T> CompletionStage<T> call(
      Operation<? extends T> operation, Function<Throwable, ? extends T> unknown) {
    Call<T> call = new Call<>(operation, unknown, new CompletableFuture<>());
    if (!waiting.offer(call)) {
      call.fail(new RejectedExecutionException(WAITING_MAX + " calls wait for SQLite already"));
    }
    if (closed) {
      failWaiting();
    }
    return call.answer;
  }

  private void serve() {
    List<Call<?>> batch = new ArrayList<>(BATCH_MAX);
    try (file) {
      while (!closed) {
        batch.add(waiting.take());
        waiting.drainTo(batch, BATCH_MAX - 1);
        run(batch);
        batch.clear();
      }
    } catch (InterruptedException _) {
      // Closed while nothing was to be done.
      return;
    } catch (SQLException e) {
      log.atWarn().setCause(e).log("The metadata file did not close cleanly");
    } finally {
      failWaiting();
    }
  }

  private void run(List<Call<?>> batch) {
    List<Runnable> answers = new ArrayList<>(batch.size());
    // A list of its own: one that once held a whole truncated journal would stay as large for ever.
    written = new ArrayList<>();
    try {
      for (Call<?> call : batch) {
        answers.add(call.run());
      }
      file.commit();
    } catch (SQLException | RuntimeException | OutOfMemoryError fault) {
      log.warn("A SQLite transaction failed: {}", fault.toString());
      rollBack();
      batch.forEach(call -> call.fail(fault));
      return;
    }
    answers.forEach(Runnable::run);
    tellWatchers();
  }

  private void rollBack() {
    try {
      file.rollBack();
    } catch (SQLException e) {
      log.warn("A SQLite transaction could not be rolled back: {}", e.toString());
    }
  }

  private TransactionOutcome decide(Transaction transaction) throws SQLException {
    for (Compare compare : transaction.compares()) {
      if (!holds(compare)) {
        return new TransactionOutcome.Refused(entries(transaction.otherwise()), file.revision());
      }
    }
    if (!transaction.then().isEmpty()) {
      file.nextRevision();
    }
    for (Write write : transaction.then()) {
      apply(write);
    }
    return new TransactionOutcome.Applied(file.revision());
  }

  private boolean holds(Compare compare) throws SQLException {
    Optional<Entry> entry = file.get(keyPrefix + compare.key());
    return switch (compare) {
      case Compare.Absent _ -> entry.isEmpty();
      case Compare.ValueIs(String _, Bytes value) ->
          entry.isPresent() && entry.get().value().equals(value);
      case Compare.VersionIs(String _, long version) ->
          entry.isPresent() && entry.get().version() == version;
    };
  }

  private void apply(Write write) throws SQLException {
    switch (write) {
      case Write.Put(String key, Bytes value) -> {
        file.put(keyPrefix + key, value);
        written.add(keyPrefix + key);
      }
      case Write.Delete(String key) -> {
        file.delete(keyPrefix + key);
        written.add(keyPrefix + key);
      }
      case Write.DeleteRange(String from, String to) ->
          written.addAll(file.deleteRange(keyPrefix + from, keyPrefix + to));
    }
  }

  private List<Entry> entries(List<String> keys) throws SQLException {
    List<Entry> found = new ArrayList<>();
    for (String key : keys) {
      file.get(keyPrefix + key).map(this::relative).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private Entry relative(Entry entry) {
    return new Entry(entry.key().substring(keyPrefix.length()), entry.value(), entry.version());
  }

  private void tellWatchers() {
    if (written.isEmpty()) {
      return;
    }
    for (Watcher watcher : watchers) {
      if (written.stream().anyMatch(key -> key.startsWith(watcher.keyPrefix))) {
        try {
          watcher.listener.run();
        } catch (RuntimeException e) {
          log.atError()
              .setCause(e)
              .addKeyValue("prefix", watcher.keyPrefix)
              .log("A watcher failed");
        }
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Nobody else can write to the file, so what is told here is all there is; no polling.
   */
  @Override
  public Watch watch(String prefix, Runnable listener) {
    Watcher watcher = new Watcher(keyPrefix + prefix, listener);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  @Override
  public boolean isExclusive() {
    return true;
  }

  private void failWaiting() {
    List<Call<?>> rest = new ArrayList<>();
    waiting.drainTo(rest);
    rest.forEach(call -> call.fail(new IllegalStateException("the metadata store is closed")));
  }

  /** Ends the batch that runs; calls that still wait end as unknown. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
