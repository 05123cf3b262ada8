package io.tributary.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadEventLoopTest {
  private final ThreadEventLoop loop = new ThreadEventLoop("tested");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void everyTaskOfManyThreadsRunsOnceAndEachThreadsInOrder() throws Exception {
    int threads = 4;
    int tasks = 20_000;
    CountDownLatch left = new CountDownLatch(threads * tasks);
    int[] next = new int[threads];
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int caller = t;
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < tasks; i++) {
                      int number = i;
                      loop.execute(
                          () -> {
                            next[caller] += next[caller] == number ? 1 : 0;
                            left.countDown();
                          });
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(next).containsOnly(tasks);
  }

  @Test
  void timersRunInTheOrderOfTheirTimesAndNotBeforeThem() throws Exception {
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch last = new CountDownLatch(1);
    long start = loop.nanoTime();
    loop.schedule(
        Duration.ofMillis(60),
        () -> {
          ran.add("60");
          last.countDown();
        });
    loop.schedule(Duration.ofMillis(20), () -> ran.add("20"));
    loop.schedule(Duration.ofMillis(40), () -> ran.add("40"));
    assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).containsExactly("20", "40", "60");
    assertThat(loop.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000L);
  }

  @Test
  void aCancelledTimerDoesNotRun() throws Exception {
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch last = new CountDownLatch(1);
    EventLoop.Timer cancelled = loop.schedule(Duration.ofMillis(10), () -> ran.add("cancelled"));
    loop.execute(cancelled::cancel);
    loop.schedule(Duration.ofMillis(50), last::countDown);
    assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).isEmpty();
  }

  @Test
  void aTaskThatThrowsDoesNotEndTheLoop() throws Exception {
    CountDownLatch next = new CountDownLatch(1);
    loop.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    loop.execute(next::countDown);
    assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
