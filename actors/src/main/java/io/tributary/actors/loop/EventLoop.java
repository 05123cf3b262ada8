package io.tributary.actors.loop;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread's worth of work, in order. Every event-driven class of this module is confined to one
 * loop: it is called on it, keeps its state without locks, and comes back to it from every stage
 * ({@link #then}, {@link #whenDone}). In production a loop is an actor's mailbox or a thread; in
 * the simulation it is a slot of the seeded scheduler, so neither time nor order may come from
 * anywhere else.
 */
public interface EventLoop extends Executor {
  /** Monotonic, nanoseconds from an arbitrary origin that all loops of a process share. */
  long nanoTime();

  /** The wall clock, milliseconds since the epoch. Never used to decide ownership or order. */
  long wallMs();

  /** Runs {@code task} on this loop after {@code delay}. */
  Timer schedule(Duration delay, Runnable task);

  /**
   * Runs {@code next} on this loop with the value or the failure of {@code stage}. What {@code
   * next} throws reaches the loop; {@code stage.whenCompleteAsync} would swallow it.
   */
  default <T> void whenDone(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> next) {
    var _ = stage.whenComplete((value, failure) -> execute(() -> next.accept(value, failure)));
  }

  /**
   * Runs {@code next} on this loop with the value of {@code stage}, which fails only for a mistake
   * of ours: that is thrown on the loop.
   */
  default <T> void then(CompletionStage<T> stage, Consumer<T> next) {
    var _ =
        stage.whenComplete(
            (value, mistake) ->
                execute(
                    () -> {
                      if (mistake != null) {
                        throw new CompletionException(mistake);
                      }
                      next.accept(value);
                    }));
  }

  interface Timer {
    /** After this, the task does not run any more (called on the loop). */
    void cancel();
  }
}
