package io.tributary.actors.intake;

import java.time.Duration;

/**
 * When a node seals and uploads intake objects ({@code tributary.intake.*}).
 *
 * @param bytesMax an object is sealed once this many bytes are gathered
 * @param delayMax an object is sealed once its oldest batch has waited this long
 * @param flushesPerSecond cap on the rate of uploads; 0 for none
 * @param uploadsMax uploads that run at the same time
 */
public record IntakeSettings(
    int bytesMax, Duration delayMax, int flushesPerSecond, int uploadsMax) {
  /** For stores that charge by the request. */
  public static final IntakeSettings OBJECT_STORE =
      new IntakeSettings(8 * 1024 * 1024, Duration.ofMillis(50), 20, 8);

  /** For a file system. */
  public static final IntakeSettings FILES =
      new IntakeSettings(8 * 1024 * 1024, Duration.ofMillis(2), 500, 8);

  private static final int BYTES_MAX_CEILING = LogWriter.BATCH_BYTES_MAX;

  public IntakeSettings {
    if (bytesMax < 1 || bytesMax > BYTES_MAX_CEILING) {
      throw new IllegalArgumentException(
          "intake.max-bytes must be 1 to " + BYTES_MAX_CEILING + ", not " + bytesMax);
    }
    if (delayMax.isNegative()) {
      throw new IllegalArgumentException("intake.max-delay must be 0 or more, not " + delayMax);
    }
    if (flushesPerSecond < 0) {
      throw new IllegalArgumentException(
          "intake.flushes-per-second must be 0 (no cap) or more, not " + flushesPerSecond);
    }
    if (uploadsMax < 1) {
      throw new IllegalArgumentException("intake.uploads must be 1 or more, not " + uploadsMax);
    }
  }
}
