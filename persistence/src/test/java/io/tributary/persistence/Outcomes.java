package io.tributary.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Waits for what stores answer. */
public final class Outcomes {
  private static final long WAIT_MAX_SECONDS = 60;

  private Outcomes() {}

  public static <T> T of(CompletionStage<T> stage) {
    return get(stage.toCompletableFuture());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get(WAIT_MAX_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Runs one task a thread, all at the same moment. */
  public static <T> List<T> race(int threads, IntFunction<T> task) {
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        tasks.add(
            () -> {
              start.await();
              return task.apply(number);
            });
      }
      return executor.invokeAll(tasks).stream().map(Outcomes::get).toList();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
