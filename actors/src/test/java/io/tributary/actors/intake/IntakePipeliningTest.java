package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One producer on one connection with five requests in flight: latency must not serialise them. */
class IntakePipeliningTest {
  private static final Duration PUT = Duration.ofMillis(100);
  private static final int IN_FLIGHT = 5;
  private static final int INTERVALS = 100;

  @Test
  void atTheDefaultsThreeRequestsCompleteInThe100MillisecondsOfOnePut() {
    assertThat(completedPerPut(IntakeSettings.OBJECT_STORE)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void atTwoMillisecondsAndWithoutACapFourDo() {
    IntakeSettings quick = IntakeBench.settings(Duration.ofMillis(2), 0);
    assertThat(completedPerPut(quick)).isGreaterThanOrEqualTo(4);
  }

  private static double completedPerPut(IntakeSettings settings) {
    IntakeBench bench = new IntakeBench(1, settings);
    bench.objects.putsTake(() -> PUT);
    Producer producer = new Producer(bench);
    for (int i = 0; i < IN_FLIGHT; i++) {
      producer.send();
    }
    bench.time.advance(PUT.multipliedBy(INTERVALS));
    return (double) producer.completed / INTERVALS;
  }

  /** Sends the next request as soon as one is answered. */
  private static final class Producer {
    private final IntakeBench bench;
    private int sent;
    private int completed;

    Producer(IntakeBench bench) {
      this.bench = bench;
    }

    void send() {
      bench
          .append(0, sent++)
          .thenAccept(
              _ -> {
                completed++;
                send();
              });
    }
  }
}
