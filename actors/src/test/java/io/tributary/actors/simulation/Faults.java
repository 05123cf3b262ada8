package io.tributary.actors.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Whether faults happen, how often, and how often they did. */
final class Faults {
  private final Map<Fault, Long> hits = new EnumMap<>(Fault.class);
  private double intensity;

  /**
   * @param intensity 1 for the percentages of {@link Fault}
   */
  Faults(double intensity) {
    this.intensity = intensity;
  }

  /** From here on nothing goes wrong by chance. */
  void heal() {
    intensity = 0;
  }

  boolean areHealed() {
    return intensity == 0;
  }

  boolean strikes(Fault fault, RandomGenerator random) {
    boolean struck = random.nextDouble() * 100 < fault.percent * intensity;
    if (struck) {
      hit(fault);
    }
    return struck;
  }

  void hit(Fault fault) {
    hits.merge(fault, 1L, Long::sum);
  }

  Map<Fault, Long> hits() {
    return hits;
  }
}
