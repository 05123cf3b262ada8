package io.tributary.actors.group;

import io.tributary.actors.loop.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's long computations, at most one for each key: they run elsewhere over immutable
 * inputs and come back to the loop, where their result is written unless they were cancelled.
 */
final class GroupBackground implements CoordinatorExecutor<CoordinatorRecord> {
  private static final Logger log = LoggerFactory.getLogger(GroupBackground.class);

  private final EventLoop loop;
  private final Executor elsewhere;
  private final InternalWrites writes;
  private final Map<String, TaskRunnable<?>> tasks = new HashMap<>();

  GroupBackground(EventLoop loop, Executor elsewhere, InternalWrites writes) {
    this.loop = loop;
    this.elsewhere = elsewhere;
    this.writes = writes;
  }

  @Override
  public <R> boolean schedule(
      String key, TaskRunnable<R> task, TaskOperation<CoordinatorRecord, R> operation) {
    if (tasks.putIfAbsent(key, task) != null) {
      return false;
    }
    elsewhere.execute(
        () -> {
          Outcome<R> outcome = run(task);
          loop.execute(
              () -> {
                if (tasks.remove(key, task)) {
                  onDone(key, operation, outcome);
                }
              });
        });
    return true;
  }

  @Override
  public boolean isScheduled(String key) {
    return tasks.containsKey(key);
  }

  @Override
  public void cancel(String key) {
    tasks.remove(key);
  }

  void cancelAll() {
    tasks.clear();
  }

  private static <R> Outcome<R> run(TaskRunnable<R> task) {
    try {
      return new Outcome<>(task.run(), null);
    } catch (Throwable e) {
      return new Outcome<>(null, e);
    }
  }

  private <R> void onDone(
      String key, TaskOperation<CoordinatorRecord, R> operation, Outcome<R> outcome) {
    try {
      writes.write(() -> operation.onComplete(outcome.value, outcome.failure));
    } catch (RuntimeException e) {
      log.atError().addKeyValue("task", key).setCause(e).log("a task's result was not written");
    }
  }

  private record Outcome<R>(@Nullable R value, @Nullable Throwable failure) {}
}
