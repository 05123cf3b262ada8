package io.tributary.wire;

/**
 * The bounds of the network side. Everything a client can make us hold has one here.
 *
 * @param eventLoopThreads threads that serve all connections
 */
public record WireSettings(
    Frames frames, Memory memory, Connections connections, int eventLoopThreads) {
  public static final WireSettings DEFAULT =
      new WireSettings(
          Frames.DEFAULT,
          Memory.DEFAULT,
          Connections.DEFAULT,
          Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8));

  public WireSettings {
    within("event-loops", eventLoopThreads, 1, 256);
  }

  /**
   * @param bytesMax {@code frame.bytes-max}: the largest request that carries records
   * @param smallBytesMax {@code frame.small.bytes-max}: the largest of all others; parsing one can
   *     take fifty times its size on the heap
   * @param stallMs {@code frame.stall-ms}: a begun frame that does not grow for this long, or is
   *     not complete after four times as long, is given up with its connection; when others wait
   *     for its memory, after an eighth of it
   */
  public record Frames(int bytesMax, int smallBytesMax, long stallMs) {
    public static final Frames DEFAULT = new Frames(100 << 20, 8 << 20, 30_000);

    public Frames {
      within("frame.bytes-max", bytesMax, 1 << 10, 1 << 30);
      within("frame.small.bytes-max", smallBytesMax, 1 << 10, bytesMax);
      within("frame.stall-ms", stallMs, 1, 3_600_000);
    }
  }

  /**
   * Bounds of the memory that requests take from their first byte to their answer. One frame at a
   * time may pass its bound by its own size, so that begun frames never wait for each other.
   *
   * @param recordBytesMax {@code memory.records.bytes-max}: requests that carry records
   * @param smallBytesMax {@code memory.small.bytes-max}: all others
   */
  public record Memory(long recordBytesMax, long smallBytesMax) {
    public static final Memory DEFAULT = new Memory(256L << 20, 64L << 20);

    public Memory {
      within("memory.records.bytes-max", recordBytesMax, 1 << 20, 1L << 40);
      within("memory.small.bytes-max", smallBytesMax, 1 << 20, 1L << 40);
    }
  }

  /**
   * @param max {@code connections.max}: of this process
   * @param perAddressMax {@code connections.per-address.max}: from one client address
   * @param idleMs {@code connections.idle-ms}: a connection on which nothing moved for this long is
   *     closed
   * @param inFlightMax {@code connections.in-flight.max}: requests of one connection that have no
   *     answer yet; past it the connection is not read
   */
  public record Connections(int max, int perAddressMax, long idleMs, int inFlightMax) {
    public static final Connections DEFAULT = new Connections(20_000, 5_000, 600_000, 64);

    public Connections {
      within("connections.max", max, 1, 1_000_000);
      within("connections.per-address.max", perAddressMax, 1, 1_000_000);
      within("connections.idle-ms", idleMs, 1, 24L * 3_600_000);
      within("connections.in-flight.max", inFlightMax, 1, 10_000);
    }
  }

  private static void within(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s = %d: must be from %d to %d".formatted(key, value, min, max));
    }
  }
}
