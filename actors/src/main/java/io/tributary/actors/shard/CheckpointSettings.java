package io.tributary.actors.shard;

import java.time.Duration;

/**
 * When a shard writes a checkpoint: whichever comes first.
 *
 * @param recordsMax journal records since the last one
 * @param journalBytesMax bytes of journal records since the last one
 * @param ageMax time since the oldest record that it does not cover
 */
public record CheckpointSettings(int recordsMax, long journalBytesMax, Duration ageMax) {
  /** Where recovery reads one object a record over a network. */
  public static final CheckpointSettings OBJECT_STORE =
      new CheckpointSettings(256, 1024 * 1024, Duration.ofSeconds(60));

  /** Where the objects are files, and commits come in smaller pieces. */
  public static final CheckpointSettings FILES =
      new CheckpointSettings(4_096, 1024 * 1024, Duration.ofSeconds(60));

  public CheckpointSettings {
    if (recordsMax < 1 || journalBytesMax < 1 || ageMax.isNegative() || ageMax.isZero()) {
      throw new IllegalArgumentException("checkpoints need limits above 0");
    }
  }
}
