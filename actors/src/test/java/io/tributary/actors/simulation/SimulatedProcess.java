package io.tributary.actors.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One process: its loops run side by side, stand still together, and die together. */
final class SimulatedProcess {
  private final Timeline time;
  private final String name;
  private final SplittableRandom random;
  private final Consumer<Throwable> onFailure;
  private final int hiccupOneIn;
  private final List<SimulatedLoop> standing = new ArrayList<>();
  private boolean dead;
  private boolean paused;

  /**
   * @param onFailure what becomes of what a task throws on a loop that says nothing else
   */
  SimulatedProcess(Timeline time, String name, long seed, Consumer<Throwable> onFailure) {
    this.time = time;
    this.name = name;
    this.random = new SplittableRandom(seed);
    this.onFailure = onFailure;
    this.hiccupOneIn = random.nextInt(4) == 0 ? 15 : 300;
  }

  SimulatedLoop loop(String of) {
    return new SimulatedLoop(time, this, name + "." + of, random.split(), onFailure);
  }

  /** A source of chance of its own, for one part of the process. */
  SplittableRandom random() {
    return random.split();
  }

  /** In one of so many turns a loop waits, as a thread that is not scheduled. */
  int hiccupOneIn() {
    return hiccupOneIn;
  }

  boolean isDead() {
    return dead;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isRunning() {
    return !dead && !paused;
  }

  /** Nothing of it ever runs again. */
  void kill() {
    dead = true;
    standing.clear();
  }

  /** Nothing of it runs until {@link #resume}, as under SIGSTOP. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    List<SimulatedLoop> waking = List.copyOf(standing);
    standing.clear();
    waking.forEach(SimulatedLoop::wake);
  }

  void standsStill(SimulatedLoop loop) {
    standing.add(loop);
  }

  @Override
  public String toString() {
    return name;
  }
}
