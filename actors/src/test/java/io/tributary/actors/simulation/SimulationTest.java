package io.tributary.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Histories that must all end well. A seed that does not is said, and runs alone with {@code
 * -Dtributary.simulation.seed=…}, telling what happens with {@code
 * -Dtributary.simulation.trace=true}.
 */
class SimulationTest {
  private static final String SEED = "tributary.simulation.seed";
  private static final int SEEDS = Integer.getInteger("tributary.simulation.seeds", 2_000);

  @Test
  @DisabledIfSystemProperty(named = SEED, matches = ".*")
  void nothingAcknowledgedIsLostWhateverHappens() {
    Map<Fault, Long> hits = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      hits.put(fault, 0L);
    }
    long startNanos = cpuNanos();
    for (long seed = 1; seed <= SEEDS; seed++) {
      run(seed).forEach((fault, count) -> hits.merge(fault, count, Long::sum));
    }
    System.out.printf(
        "%d seeds in %.1f s of CPU: %s%n", SEEDS, (cpuNanos() - startNanos) / 1e9, hits);
    assertThat(hits)
        .as("faults that never happened")
        .allSatisfy((_, count) -> assertThat(count).isPositive());
  }

  @Test
  @EnabledIfSystemProperty(named = SEED, matches = ".*")
  void oneSeedAlone() {
    run(Long.getLong(SEED));
  }

  @Test
  void oneSeedIsOneHistory() {
    Simulation.Result first = Simulation.run(7, Sabotage.NONE);
    Simulation.Result second = Simulation.run(7, Sabotage.NONE);

    assertThat(second).isEqualTo(first);
  }

  private static Map<Fault, Long> run(long seed) {
    Simulation.Result result = Simulation.run(seed, Sabotage.NONE);
    result
        .violation()
        .ifPresent(
            violation -> fail("seed " + seed + ", alone with -D" + SEED + "=" + seed, violation));
    return result.hits();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
