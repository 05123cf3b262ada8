package io.tributary.actors.intake;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.objects.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the batches of all partitions of a node into intake objects, uploads these and has them
 * sequenced (DESIGN, write path 2 to 4). One an incarnation. {@link #append} may be called from any
 * thread; all else is confined to the loop.
 *
 * <p>What it holds is bounded by the memory that requests take before they are read and keep until
 * their batches are decided: it never drops a batch, and never refuses one.
 */
public final class Intake implements LogWriter {
  private final IntakeSettings settings;
  private final long incarnation;
  private final Surroundings surroundings;
  private final EventLoop loop;
  private final ChunkAllocator chunks = new ChunkAllocator();
  private final Arrivals arrivals;
  private final TokenBucket tokens;
  private final Uploader uploader;
  private final AppendSender sender;

  private final Deque<ArrivedBatch> gathered = new ArrayDeque<>();
  private long gatheredBytes;
  private long lastFlush;
  private int uploads;
  private EventLoop.@Nullable Timer timer;
  private long timerDueNanos;
  private @Nullable CompletableFuture<Void> drained;
  private volatile IntakeStatistics statistics = IntakeStatistics.NONE;

  /**
   * What an intake works with.
   *
   * @param loop its own
   * @param onBroken told on the loop, with the reason, that the process must end because going on
   *     could damage the log
   */
  public record Surroundings(
      EventLoop loop,
      ObjectStore objects,
      BlockCache blocks,
      ShardRouter router,
      ShardCounts shards,
      RandomGenerator random,
      Consumer<String> onBroken) {}

  /**
   * @param incarnation used by no other intake, ever
   */
  public Intake(IntakeSettings settings, long incarnation, Surroundings surroundings) {
    this.settings = settings;
    this.incarnation = incarnation;
    this.surroundings = surroundings;
    this.loop = surroundings.loop;
    this.arrivals = new Arrivals(() -> loop.execute(this::turn));
    this.tokens = new TokenBucket(settings.flushesPerSecond(), loop.nanoTime());
    this.uploader =
        new Uploader(surroundings.objects, loop, surroundings.random, surroundings.onBroken);
    this.sender =
        new AppendSender(loop, surroundings.router, surroundings.random, this::finishDrain);
  }

  @Override
  public CompletionStage<AppendOutcome> append(
      PartitionId partition, ByteBuffer batch, BatchFacts facts) {
    if (batch.remaining() != facts.sizeBytes() || batch.remaining() > BATCH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a batch of " + batch.remaining() + " bytes with facts of " + facts.sizeBytes());
    }
    Bytes copy = chunks.copyOf(batch);
    ArrivedBatch arrived = new ArrivedBatch(partition, copy, facts, loop.nanoTime());
    arrivals.add(arrived);
    return arrived.outcome;
  }

  /**
   * Uploads what is gathered without waiting for more; for an orderly stop, after the last append.
   *
   * @return completes on the loop when all that was ever appended is decided
   */
  public CompletionStage<Void> drain() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          drained = done;
          turn();
        });
    return done;
  }

  /** As of the last turn of the loop; from any thread. */
  public IntakeStatistics statistics() {
    return statistics;
  }

  /** Looks at everything: run when batches arrived, an upload ended, or a timer fell due. */
  private void turn() {
    try {
      sealAndArm();
    } catch (RuntimeException | Error failure) {
      // Batches may be in no object now, and their callers would wait for ever.
      surroundings.onBroken.accept("the intake failed: " + failure);
      throw failure;
    }
  }

  private void sealAndArm() {
    do {
      gatheredBytes += arrivals.drainTo(gathered);
      long nowNanos = loop.nanoTime();
      while (maySeal(nowNanos)) {
        seal(nowNanos);
      }
      arm(nowNanos);
    } while (arrivals.wakeAt(wakeAtBytes()));
    statistics =
        new IntakeStatistics(
            gatheredBytes, uploads, lastFlush, uploader.retries(), sender.undecidedAnswers());
    finishDrain();
  }

  private void finishDrain() {
    if (drained != null && gathered.isEmpty() && sender.undecided() == 0) {
      drained.complete(null);
    }
  }

  private boolean maySeal(long nowNanos) {
    return uploads < settings.uploadsMax()
        && !gathered.isEmpty()
        && (isUrgent() || dueNanos() - nowNanos <= 0)
        && tokens.nanosUntilToken(nowNanos) == 0;
  }

  /** Whether waiting for more batches would gain nothing. */
  private boolean isUrgent() {
    return uploads == 0 || gatheredBytes >= settings.bytesMax() || drained != null;
  }

  /** When the oldest gathered batch has waited long enough. */
  private long dueNanos() {
    return gathered.element().arrivedAtNanos + settings.delayMax().toNanos();
  }

  private void seal(long nowNanos) {
    tokens.take(nowNanos);
    List<ArrivedBatch> batches = new ArrayList<>(gathered.size());
    long bytes = 0;
    while (!gathered.isEmpty()) {
      long grown = bytes + gathered.element().bytes.length();
      if (!batches.isEmpty() && grown > settings.bytesMax()) {
        break;
      }
      bytes = grown;
      batches.add(gathered.remove());
    }
    gatheredBytes -= bytes;
    FlushId flush = new FlushId(incarnation, ++lastFlush);
    SealedObject object = SealedObject.of(flush, batches, surroundings.shards, sender::lastFlush);
    sender.onSealed(object);
    uploads++;
    uploader.upload(object.key(), object.parts(), () -> onStored(object));
  }

  private void onStored(SealedObject object) {
    uploads--;
    surroundings.blocks.put(object.flush(), object.parts());
    sender.onUploaded(object);
    turn();
  }

  /** Keeps a timer for when the gathered batches may be sealed although nothing else happens. */
  private void arm(long nowNanos) {
    if (gathered.isEmpty() || uploads >= settings.uploadsMax()) {
      return;
    }
    long byDelay = isUrgent() ? nowNanos : Math.max(nowNanos, dueNanos());
    long dueNanos = Math.max(byDelay, nowNanos + tokens.nanosUntilToken(nowNanos));
    if (timer != null) {
      if (timerDueNanos - dueNanos <= 0) {
        return;
      }
      timer.cancel();
    }
    timerDueNanos = dueNanos;
    timer = loop.schedule(Duration.ofNanos(dueNanos - nowNanos), this::onTimer);
  }

  private void onTimer() {
    timer = null;
    turn();
  }

  /** How many more bytes change what the loop would do. */
  private long wakeAtBytes() {
    if (gathered.isEmpty()) {
      return 1;
    }
    boolean moreChangesNothing = uploads >= settings.uploadsMax() || isUrgent();
    return moreChangesNothing ? Long.MAX_VALUE : settings.bytesMax() - gatheredBytes;
  }
}
