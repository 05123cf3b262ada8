package io.tributary.node.produce;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.BufferSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates batches that must be inflated or rebuilt, away from the event loops. One a node; what a
 * thread of it uses beside the batch is at most one codec's window and one rebuilt batch.
 */
public final class InflationPool implements AutoCloseable {
  /** Batches that wait for a thread; one more is answered with a retriable error. */
  static final int WAITING_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(InflationPool.class);

  private final ThreadPoolExecutor threads;
  private final InstantSource clock;
  private final ThreadLocal<BatchValidator> validators =
      ThreadLocal.withInitial(() -> new BatchValidator(BufferSupplier.create()));

  public InflationPool(int threadsMax, InstantSource clock) {
    this.clock = clock;
    this.threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("inflation-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * @param batch view; must stay readable until the stage completes
   * @return never fails; completes on a thread of the pool
   */
  CompletionStage<BatchVerdict> validate(ByteBuffer batch, BatchRules rules) {
    CompletableFuture<BatchVerdict> verdict = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              verdict.complete(validateNow(batch, rules));
            } finally {
              // Even when memory ran out: the connection's later requests wait for this one.
              verdict.complete(comeAgain("the batch could not be validated"));
            }
          });
    } catch (RejectedExecutionException _) {
      verdict.complete(comeAgain("too many compressed batches wait to be validated"));
    }
    return verdict;
  }

  private static BatchVerdict comeAgain(String message) {
    return new BatchVerdict.Rejected(Errors.REQUEST_TIMED_OUT, message);
  }

  private BatchVerdict validateNow(ByteBuffer batch, BatchRules rules) {
    try {
      return validators.get().validate(batch, rules, clock.millis());
    } catch (RuntimeException failure) {
      LOG.warn("A batch for {} could not be validated", rules.partition(), failure);
      return new BatchVerdict.Rejected(
          Errors.INVALID_RECORD, "the batch cannot be read: " + failure.getMessage());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
