package io.tributary.actors.intake;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.MemoryObjectStore;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** An object store whose puts take as long, and end as, the test says. */
final class FakeObjectStore implements ObjectStore {
  enum Fate {
    STORED,
    /** It happens; nobody is told. */
    ANSWER_LOST,
    /** It never happens; nobody is told. */
    REQUEST_LOST
  }

  private final EventLoop loop;
  private final MemoryObjectStore objects;
  private Supplier<Duration> putTime = () -> Duration.ofMillis(100);
  private Supplier<Fate> fates = () -> Fate.STORED;
  private int puts;
  private int running;
  private int runningMax;

  FakeObjectStore(EventLoop loop) {
    this.loop = loop;
    this.objects = new MemoryObjectStore(loop);
  }

  void putsTake(Supplier<Duration> time) {
    putTime = time;
  }

  void putsEnd(Supplier<Fate> fate) {
    fates = fate;
  }

  int puts() {
    return puts;
  }

  int runningMax() {
    return runningMax;
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    puts++;
    running++;
    runningMax = Math.max(runningMax, running);
    Fate fate = fates.get();
    CompletableFuture<PutOutcome> outcome = new CompletableFuture<>();
    loop.schedule(
        putTime.get(),
        () -> {
          running--;
          switch (fate) {
            case STORED -> objects.putIfAbsent(key, parts).thenAccept(outcome::complete);
            case ANSWER_LOST ->
                objects.putIfAbsent(key, parts).thenAccept(_ -> outcome.complete(unknown()));
            case REQUEST_LOST -> outcome.complete(unknown());
          }
        });
    return outcome;
  }

  private static PutOutcome unknown() {
    return new PutOutcome.Unknown(new TimeoutException("lost"));
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return objects.get(key);
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    return objects.getRange(key, from, length);
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return objects.getSuffix(key, length);
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
