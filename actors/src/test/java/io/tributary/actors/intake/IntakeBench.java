package io.tributary.actors.intake;

import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** An intake in virtual time, with stores and shards that fail as the test says. */
final class IntakeBench {
  static final long INCARNATION = 3;
  static final int BATCH_BYTES = 100;

  private static final int PRODUCER_ID = 1;

  final VirtualTime time;
  final ManualEventLoop loop;
  final FakeObjectStore objects;
  final FakeShards shards;
  final BlockCache blocks;
  final Intake intake;
  final List<String> broken = new ArrayList<>();

  IntakeBench(long seed, IntakeSettings settings) {
    time = new VirtualTime(seed);
    loop = time.loop("intake");
    objects = new FakeObjectStore(time.loop("objects"));
    shards = new FakeShards(time.loop("shards"));
    blocks = new BlockCache(objects, 64L * 1024 * 1024);
    intake =
        new Intake(
            settings,
            INCARNATION,
            new Intake.Surroundings(
                loop, objects, blocks, shards, ShardCounts.DEFAULT, time.random(), broken::add));
  }

  static IntakeSettings settings(Duration delayMax, int flushesPerSecond) {
    return new IntakeSettings(8 * 1024 * 1024, delayMax, flushesPerSecond, 8);
  }

  static PartitionId partition(int index) {
    return new PartitionId(new UUID(1, 2), index);
  }

  /** One record, told from others by its number. */
  static BatchFacts facts(int number, int sizeBytes) {
    return new BatchFacts(sizeBytes, 1, (short) 0, 0, PRODUCER_ID, (short) 0, number);
  }

  CompletableFuture<AppendOutcome> append(int partition, int number) {
    return append(partition, number, BATCH_BYTES);
  }

  CompletableFuture<AppendOutcome> append(int partition, int number, int sizeBytes) {
    ByteBuffer batch = ByteBuffer.allocate(sizeBytes);
    batch.putInt(0, partition).putInt(Integer.BYTES, number);
    return intake
        .append(partition(partition), batch, facts(number, sizeBytes))
        .toCompletableFuture();
  }
}
