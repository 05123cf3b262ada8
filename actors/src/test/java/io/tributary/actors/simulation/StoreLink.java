package io.tributary.actors.simulation;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to a store: requests take time to get there, may get lost or come late, and so
 * may their answers. Answers come on a loop of the process.
 */
final class StoreLink {
  private static final long GIVEN_UP_NANOS = 500_000_000;
  private static final long LATE_NANOS_MAX = 9_000_000_000L;
  private static final long SLOW_NANOS_MAX = 700_000_000;

  private final Timeline time;
  private final SimulatedProcess process;
  private final Faults faults;
  private final Kind kind;
  private final SplittableRandom random;
  private final SimulatedLoop io;
  private boolean down;

  /**
   * @param delayNanosMax one way, usually
   */
  record Kind(
      long delayNanosMax,
      Fault answerLost,
      Fault requestLost,
      Fault requestLate,
      Fault readFailed,
      Fault slow) {
    static final Kind OBJECTS =
        new Kind(
            30_000_000,
            Fault.OBJECT_ANSWER_LOST,
            Fault.OBJECT_REQUEST_LOST,
            Fault.OBJECT_REQUEST_LATE,
            Fault.OBJECT_READ_FAILED,
            Fault.OBJECT_SLOW);
    static final Kind METADATA =
        new Kind(
            4_000_000,
            Fault.METADATA_ANSWER_LOST,
            Fault.METADATA_REQUEST_LOST,
            Fault.METADATA_REQUEST_LATE,
            Fault.METADATA_READ_FAILED,
            Fault.METADATA_SLOW);
  }

  StoreLink(Timeline time, SimulatedProcess process, Faults faults, Kind kind) {
    this.time = time;
    this.process = process;
    this.faults = faults;
    this.kind = kind;
    this.random = process.random();
    this.io = process.loop("io");
  }

  /** Nothing goes through until {@link #mend}. */
  void cut() {
    down = true;
  }

  void mend() {
    down = false;
  }

  /** An operation that changes something. */
  <T> CompletionStage<T> change(Supplier<? extends T> operation, Supplier<? extends T> unknown) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    long thereNanos = delay();
    if (down || faults.strikes(kind.requestLost, random)) {
      tellAfter(answer, GIVEN_UP_NANOS, unknown);
    } else if (faults.strikes(kind.requestLate, random)) {
      tellAfter(answer, GIVEN_UP_NANOS, unknown);
      time.after(
          GIVEN_UP_NANOS + random.nextLong(LATE_NANOS_MAX),
          () -> {
            var _ = operation.get();
          });
    } else {
      boolean answerLost = faults.strikes(kind.answerLost, random);
      boolean diesWithProcess = random.nextInt(100) < Fault.REQUEST_DIED_WITH_PROCESS.percent;
      time.after(
          thereNanos,
          () -> {
            if (process.isDead() && diesWithProcess) {
              faults.hit(Fault.REQUEST_DIED_WITH_PROCESS);
              return;
            }
            T outcome = operation.get();
            tellAfter(answer, delay(), answerLost ? unknown : () -> outcome);
          });
    }
    return answer;
  }

  /** An operation that changes nothing: read at some moment between asking and being answered. */
  <T> CompletionStage<T> read(Supplier<? extends T> operation, Supplier<? extends T> unknown) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (down || faults.strikes(kind.readFailed, random)) {
      tellAfter(answer, delay(), unknown);
    } else {
      time.after(
          delay(),
          () -> {
            T outcome = operation.get();
            tellAfter(answer, delay(), () -> outcome);
          });
    }
    return answer;
  }

  private <T> void tellAfter(
      CompletableFuture<T> answer, long delayNanos, Supplier<? extends @Nullable T> outcome) {
    time.after(delayNanos, () -> io.execute(() -> answer.complete(outcome.get())));
  }

  private long delay() {
    return random.nextLong(faults.strikes(kind.slow, random) ? SLOW_NANOS_MAX : kind.delayNanosMax);
  }
}
