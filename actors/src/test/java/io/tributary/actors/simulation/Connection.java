package io.tributary.actors.simulation;

import java.util.SplittableRandom;

/** A client's connection to a node: requests and answers take time, and keep their order. */
final class Connection {
  private static final long DELAY_NANOS_MAX = 2_000_000;

  private final World world;
  private final SimulatedNode node;
  private final SplittableRandom random;
  private final int id;
  private int orders;
  private long lastArrivalNanos;
  private boolean closed;

  Connection(World world, SimulatedNode node, SplittableRandom random) {
    this.world = world;
    this.node = node;
    this.random = random;
    this.id = world.nextConnection();
  }

  int id() {
    return id;
  }

  int nextOrder() {
    return orders++;
  }

  SimulatedNode node() {
    return node;
  }

  /** Has the node carry out {@code request}, unless it is dead by then. */
  void send(Runnable request) {
    long nowNanos = world.time().nowNanos();
    lastArrivalNanos = Math.max(lastArrivalNanos + 1, nowNanos + random.nextLong(DELAY_NANOS_MAX));
    world
        .time()
        .after(
            lastArrivalNanos - nowNanos,
            () -> {
              if (!closed || random.nextBoolean()) {
                node.connections.execute(request);
              }
            });
  }

  /** The client learns something, if it is still there. */
  void answer(Runnable learn) {
    world
        .time()
        .after(
            random.nextLong(DELAY_NANOS_MAX),
            () -> {
              if (!closed && !node.process.isDead()) {
                learn.run();
              }
            });
  }

  void close() {
    closed = true;
  }
}
