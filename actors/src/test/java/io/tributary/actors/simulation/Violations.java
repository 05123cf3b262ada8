package io.tributary.actors.simulation;

import java.util.Optional;
import java.util.function.Supplier;

/** Keeps the first violation: what is thrown inside a stage's callback would be swallowed. */
final class Violations {
  private static final boolean TRACED = Boolean.getBoolean("tributary.simulation.trace");

  private final Timeline time;
  private Optional<Violation> first = Optional.empty();

  Violations(Timeline time) {
    this.time = time;
  }

  Violation report(String what) {
    Violation violation = new Violation("at %.3f s: %s".formatted(time.nowNanos() / 1e9, what));
    if (first.isEmpty()) {
      first = Optional.of(violation);
    }
    return first.get();
  }

  void check(boolean holds, String what) {
    if (!holds) {
      throw report(what);
    }
  }

  /** Says what happens, for whoever looks into one seed. */
  void trace(Supplier<String> what) {
    if (TRACED) {
      System.out.printf("%.6f %s%n", time.nowNanos() / 1e9, what.get());
    }
  }

  Optional<Violation> first() {
    return first;
  }
}
