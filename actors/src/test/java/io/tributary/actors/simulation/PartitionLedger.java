package io.tributary.actors.simulation;

import io.tributary.actors.simulation.ModelBatch.Attempt;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** One partition's log as the stores have it: the truth that everybody is held to. */
final class PartitionLedger {
  private final PartitionId id;
  private final Violations violations;
  private final NavigableMap<Long, Placed> log = new TreeMap<>();
  private final Map<Long, Integer> lastOrders = new HashMap<>();
  private final Map<Long, Attempt> lastOfProducer = new HashMap<>();
  private final Set<Attempt> attempts = new HashSet<>();
  private long nextOffset;
  private long logStartOffset;

  /** The highest watermarks that somebody was told. */
  private Marks told = new Marks(0, 0);

  record Marks(long logStartOffset, long highWatermark) {}

  /** A batch in the log. */
  record Placed(long baseOffset, long nextOffset, Attempt attempt, Bytes bytes) {}

  PartitionLedger(PartitionId id, Violations violations) {
    this.id = id;
    this.violations = violations;
  }

  void place(BatchFacts facts, Bytes bytes) {
    Attempt attempt = ModelBatch.read(bytes);
    Placed placed = new Placed(nextOffset, nextOffset + facts.records(), attempt, bytes);
    log.put(nextOffset, placed);
    nextOffset = placed.nextOffset;
    violations.check(attempts.add(attempt), id + " has " + attempt + " twice");
    Integer lastOrder = lastOrders.put((long) attempt.connection(), attempt.order());
    violations.check(
        lastOrder == null || lastOrder < attempt.order(),
        id + " has " + attempt + " after the connection's later request " + lastOrder);
    if (facts.isIdempotent()) {
      Attempt last = lastOfProducer.put(attempt.producer(), attempt);
      boolean follows =
          last == null || attempt.epoch() > last.epoch()
              ? attempt.number() == 0
              : attempt.epoch() == last.epoch() && attempt.number() == last.number() + 1;
      violations.check(follows, id + " has " + attempt + " after " + last);
    }
  }

  void moveLogStart(long offset) {
    violations.check(offset <= nextOffset, id + "'s log start moved beyond its end: " + offset);
    logStartOffset = Math.max(logStartOffset, offset);
  }

  long nextOffset() {
    return nextOffset;
  }

  long logStartOffset() {
    return logStartOffset;
  }

  NavigableMap<Long, Placed> log() {
    return log;
  }

  /** What everybody who promises the newest must know from now on. */
  Marks told() {
    return told;
  }

  /** Somebody was told these watermarks, of which {@code floor} had been told before he asked. */
  void onTold(String who, Marks marks, Marks floor) {
    violations.trace(() -> id.partition() + ": " + who + " told " + marks + " floor " + floor);
    checkExists(who, marks);
    violations.check(
        marks.highWatermark >= floor.highWatermark && marks.logStartOffset >= floor.logStartOffset,
        "%s told %s of %s, after %s had been told".formatted(who, marks, id, floor));
    told =
        new Marks(
            Math.max(told.logStartOffset, marks.logStartOffset),
            Math.max(told.highWatermark, marks.highWatermark));
  }

  void checkExists(String who, Marks marks) {
    violations.check(
        marks.highWatermark <= nextOffset && marks.logStartOffset <= logStartOffset,
        "%s told %s of %s, durable are %d to %d"
            .formatted(who, marks, id, logStartOffset, nextOffset));
  }

  /** A view's watermarks may lag, but what was seen there must be known to the owner. */
  void onShown(Marks marks) {
    violations.trace(() -> id.partition() + ": shown " + marks);
    told =
        new Marks(
            Math.max(told.logStartOffset, marks.logStartOffset),
            Math.max(told.highWatermark, marks.highWatermark));
  }

  /** A producer was told that {@code batch} is at {@code offset}. */
  void onAcknowledged(ModelBatch batch, Attempt sent, long offset) {
    violations.trace(() -> id.partition() + ": acknowledged " + sent + " at " + offset);
    Placed placed = log.get(offset);
    boolean right =
        placed != null
            && (batch.producer().idempotent()
                ? placed.attempt.isOf(batch)
                : placed.attempt.equals(sent));
    violations.check(
        right, "%s was acknowledged at %d of %s, where %s is".formatted(sent, offset, id, placed));
    told = new Marks(told.logStartOffset, Math.max(told.highWatermark, offset + batch.records()));
  }

  /**
   * A reader was given {@code batch}, which claims to begin at {@code baseOffset}.
   *
   * @return the offset after it
   */
  long checkRead(String who, long baseOffset, Bytes batch) {
    Placed placed = log.get(baseOffset);
    if (placed == null
        || placed.bytes.length() != batch.length()
        || !ModelBatch.read(batch).equals(placed.attempt)) {
      throw violations.report(
          "%s read %s at %d of %s, where %s is"
              .formatted(who, ModelBatch.read(batch), baseOffset, id, placed));
    }
    return placed.nextOffset;
  }
}
