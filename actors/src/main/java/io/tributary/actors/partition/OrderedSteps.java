package io.tributary.actors.partition;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps in the order in which their places were taken, each once it and all before it are
 * ready. Confined to one loop. As many places wait as their takers allow themselves.
 */
final class OrderedSteps {
  private final ArrayDeque<Place> places = new ArrayDeque<>();
  private boolean running;

  Place take() {
    Place place = new Place();
    places.add(place);
    return place;
  }

  final class Place {
    private @Nullable Runnable step;

    private Place() {}

    boolean isReady() {
      return step != null;
    }

    void ready(Runnable step) {
      this.step = step;
      runReady();
    }
  }

  /** A step may make the next one ready: that one runs after it, not inside it. */
  private void runReady() {
    if (running) {
      return;
    }
    running = true;
    try {
      Place head = places.peek();
      while (head != null && head.step != null) {
        places.remove();
        head.step.run();
        head = places.peek();
      }
    } finally {
      running = false;
    }
  }
}
