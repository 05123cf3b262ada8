package io.tributary.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation can fail: it notices each of many bugs. */
class PlantedBugsTest {
  private static final int SEEDS_MAX = 500;

  @ParameterizedTest
  @EnumSource
  void aPlantedBugIsNoticed(PlantedBug bug) {
    int seed = 1;
    while (seed <= SEEDS_MAX && Simulation.run(seed, bug.sabotage).violation().isEmpty()) {
      seed++;
    }
    assertThat(seed).as("seeds until %s was noticed", bug).isLessThanOrEqualTo(SEEDS_MAX);
    System.out.printf("%s was noticed at seed %d%n", bug, seed);
  }
}
