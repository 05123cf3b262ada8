package io.tributary.tests.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.tests.process.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} under load. {@code -Dtributary.kill-rounds=20} is the long form. */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("tributary.kill-rounds", 3);
  private static final int PARTITIONS = 6;
  private static final Duration RESTART_MAX = Duration.ofSeconds(30);

  @Test
  void nothingAcknowledgedIsLostOrDoubledWhenTheBrokerIsKilled(@TempDir Path folder)
      throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(folder);
        Workload workload = new Workload(broker.bootstrap(), "kill", PARTITIONS)) {
      workload.start(3);
      for (int round = 0; round < ROUNDS; round++) {
        workload.awaitAcknowledged(5_000);
        broker.kill();
        assertThat(broker.start()).as("restart in round %d", round).isLessThan(RESTART_MAX);
      }
      workload.finish();
      workload.check();
    }
  }
}
