package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.CheckpointPointerFormat;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.JournalEntryFormat;
import io.tributary.persistence.format.JournalEntryFormat.JournalEntry;
import io.tributary.persistence.format.PartitionEventFormat;
import io.tributary.persistence.format.PartitionShardCheckpointFormat;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.CheckpointPointer;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.LogStartMoved;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardOwner;
import io.tributary.persistence.model.SliceDecision;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One shard's owner, journal and checkpoints as the metadata store has them. */
final class ShardLedger {
  private final ShardId id;
  private final ShardKeys keys;
  private final Ledger ledger;
  private final Violations violations;
  private final Faults faults;
  private final Map<Long, Bytes> journal = new HashMap<>();

  /** What is decided on, and what of it only a checkpoint has. */
  private final Map<FlushId, Appended> decided = new HashMap<>();

  private final Set<FlushId> onlyInCheckpoint = new HashSet<>();
  private final Map<Long, Long> lastFlushes = new HashMap<>();

  /** Ends of the shard's partitions after each journal number. */
  private final Map<Long, Map<PartitionId, Long>> ends = new HashMap<>();

  private Optional<ShardOwner> owner = Optional.empty();
  private long lastNumber;
  private long checkpointNumber;

  /** A slice of a stored intake object. */
  record StoredSlice(ShardId shard, PartitionSlice slice, Bytes bytes) {}

  ShardLedger(ShardId id, Ledger ledger, Violations violations, Faults faults) {
    this.id = id;
    this.keys = new ShardKeys(id);
    this.ledger = ledger;
    this.violations = violations;
    this.faults = faults;
  }

  /** An intake object with a slice of this shard became durable. */
  void onStored(FlushId flush) {
    violations.check(
        flush.flush() > lastFlushes.getOrDefault(flush.incarnation(), 0L),
        flush + " was stored after " + id + " had decided on a later one");
  }

  void onPut(String key, Bytes value) {
    if (!key.startsWith(keys.prefix())) {
      return;
    }
    violations.trace(() -> key + (key.startsWith(keys.journalPrefix()) ? "" : " " + text(value)));
    if (key.equals(keys.owner())) {
      onOwner(ShardOwnerFormat.read(value));
    } else if (key.equals(keys.checkpoint())) {
      onCheckpoint(CheckpointPointerFormat.read(value));
    } else {
      onJournal(keys.journalNumber(key), value);
    }
  }

  private static String text(Bytes value) {
    return new String(value.toByteArray(), StandardCharsets.UTF_8).replace('\n', ' ');
  }

  private void onOwner(ShardOwner next) {
    boolean follows =
        owner.isEmpty()
            ? next.epoch() == 1
            : next.released()
                ? next.equals(owner.get().asReleased())
                : next.epoch() == owner.get().epoch() + 1;
    violations.check(follows, "%s: %s is followed by %s".formatted(id, owner, next));
    owner = Optional.of(next);
  }

  private void onJournal(long number, Bytes value) {
    Bytes standing = journal.putIfAbsent(number, value);
    if (standing != null) {
      // A late twin may land again after a checkpoint has cut the journal.
      violations.check(standing.equals(value), id + " has two journal entries " + number);
      return;
    }
    violations.check(
        number == lastNumber + 1, "%s: after %d comes %d".formatted(id, lastNumber, number));
    lastNumber = number;
    JournalEntry entry = JournalEntryFormat.read(value);
    violations.check(
        owner.isPresent()
            && !owner.get().released()
            && owner.get().epoch() == entry.epoch()
            && owner.get().incarnation() == entry.incarnation(),
        "%s: epoch %d of incarnation %d commits, but the owner is %s"
            .formatted(id, entry.epoch(), entry.incarnation(), owner));
    for (Bytes record : entry.records()) {
      onRecord(decode(record));
    }
    ends.put(number, currentEnds());
  }

  private PartitionEvent decode(Bytes record) {
    try {
      return PartitionEventFormat.decode("record", record);
    } catch (DamagedException damaged) {
      throw violations.report("a damaged record was committed: " + damaged);
    }
  }

  private void onRecord(PartitionEvent event) {
    switch (event) {
      case Appended appended -> {
        Appended before = decided.get(appended.flush());
        if (before == null) {
          apply(appended);
        } else {
          violations.check(
              onlyInCheckpoint.remove(appended.flush()) && before.equals(appended),
              "%s decides on %s twice: %s".formatted(id, before, appended));
        }
      }
      case LogStartMoved(PartitionId partition, long offset) -> {
        faults.hit(Fault.LOG_START_MOVED);
        ledger.partition(partition).moveLogStart(offset);
      }
      case TopicDeleted deleted -> throw violations.report("nobody deletes topics: " + deleted);
    }
  }

  private void apply(Appended event) {
    violations.check(
        ledger.intake().containsKey(event.flush()),
        id + " decides on " + event.flush() + ", which is not stored");
    List<StoredSlice> slices = slicesOf(event.flush());
    violations.check(
        slices.size() == event.slices().size(), event + " does not fit its object " + slices);
    checkNoGap(event.flush());
    decided.put(event.flush(), event);
    for (int i = 0; i < slices.size(); i++) {
      apply(slices.get(i), event.slices().get(i));
    }
  }

  /** Flushes of an incarnation are decided in their order, none left out. */
  private void checkNoGap(FlushId flush) {
    Long before = lastFlushes.put(flush.incarnation(), flush.flush());
    long last = before == null ? 0 : before;
    violations.check(last < flush.flush(), "%s decides on %s after %d".formatted(id, flush, last));
    ledger
        .intake()
        .subMap(new FlushId(flush.incarnation(), last), false, flush, false)
        .forEach(
            (between, slices) ->
                violations.check(
                    slices.stream().noneMatch(slice -> slice.shard.equals(id)),
                    "%s decides on %s before %s".formatted(id, flush, between)));
  }

  private void apply(StoredSlice stored, SliceDecision decision) {
    if (!(decision instanceof Sequenced sequenced)) {
      throw violations.report("nobody deletes topics: " + decision);
    }
    PartitionLedger partition = ledger.partition(stored.slice.partition());
    violations.check(
        sequenced.baseOffset() == partition.nextOffset(),
        "%s goes on at %d, its end is %d"
            .formatted(stored.slice.partition(), sequenced.baseOffset(), partition.nextOffset()));
    int position = 0;
    int nextException = 0;
    for (int i = 0; i < stored.slice.batches().size(); i++) {
      BatchFacts facts = stored.slice.batches().get(i);
      if (nextException < sequenced.exceptions().size()
          && sequenced.exceptions().get(nextException).batch() == i) {
        faults.hit(
            sequenced.exceptions().get(nextException) instanceof BatchException.Duplicate
                ? Fault.BATCH_REPEATED
                : Fault.BATCH_REFUSED);
        nextException++;
      } else {
        partition.place(facts, stored.bytes.slice(position, facts.sizeBytes()));
      }
      position += facts.sizeBytes();
    }
  }

  private void onCheckpoint(CheckpointPointer pointer) {
    faults.hit(Fault.CHECKPOINT_PUBLISHED);
    violations.check(
        pointer.journalNumber() <= lastNumber,
        "%s: a checkpoint covers %d, committed is %d"
            .formatted(id, pointer.journalNumber(), lastNumber));
    violations.check(
        pointer.journalNumber() >= checkpointNumber,
        "%s: the checkpoint goes back from %d to %d"
            .formatted(id, checkpointNumber, pointer.journalNumber()));
    checkpointNumber = pointer.journalNumber();
    PartitionShardCheckpoint root = decode(pointer);
    while (takeOver(root)) {
      faults.hit(Fault.RECORDS_ONLY_IN_CHECKPOINT);
    }
    Map<PartitionId, Long> covered = ends.getOrDefault(pointer.journalNumber(), Map.of());
    Map<PartitionId, Long> said = new HashMap<>();
    for (PartitionCheckpoint part : root.partitions()) {
      PartitionLedger partition = ledger.partition(part.partition());
      said.put(part.partition(), part.nextOffset());
      violations.check(
          part.nextOffset() <= partition.nextOffset(),
          "%s: a checkpoint says %d, the end is %d"
              .formatted(part.partition(), part.nextOffset(), partition.nextOffset()));
      partition.moveLogStart(part.logStartOffset());
    }
    covered.forEach(
        (partition, end) ->
            violations.check(
                said.getOrDefault(partition, 0L) >= end,
                "%s: a checkpoint of %d says %s, the end was %d"
                    .formatted(partition, pointer.journalNumber(), said.get(partition), end)));
  }

  private PartitionShardCheckpoint decode(CheckpointPointer pointer) {
    try {
      return PartitionShardCheckpointFormat.decode(
          pointer.object(), id.index(), ledger.root(pointer.object()));
    } catch (DamagedException damaged) {
      throw violations.report("a damaged checkpoint was published: " + damaged);
    }
  }

  /**
   * A checkpoint may have records that are not in the journal yet: its publishing made them
   * durable.
   *
   * @return whether there was one
   */
  private boolean takeOver(PartitionShardCheckpoint root) {
    Optional<Appended> next =
        root.cursors().stream()
            .flatMap(cursor -> firstUndecided(cursor).stream())
            .filter(this::goesOn)
            // One that appends nothing says at which end it stood, and so comes first.
            .min(Comparator.comparing(this::appendsSomething));
    next.ifPresent(
        event -> {
          onlyInCheckpoint.add(event.flush());
          apply(event);
        });
    return next.isPresent();
  }

  private Optional<Appended> firstUndecided(PartitionShardCheckpoint.Cursor cursor) {
    return cursor.results().stream()
        .filter(result -> !decided.containsKey(result.flush()))
        .findFirst();
  }

  private boolean appendsSomething(Appended event) {
    List<StoredSlice> slices = slicesOf(event.flush());
    for (int i = 0; i < slices.size(); i++) {
      if (event.slices().get(i) instanceof Sequenced sequenced
          && sequenced.exceptions().size() < slices.get(i).slice.batches().size()) {
        return true;
      }
    }
    return false;
  }

  private boolean goesOn(Appended event) {
    List<StoredSlice> slices = slicesOf(event.flush());
    if (slices.size() != event.slices().size()) {
      return false;
    }
    for (int i = 0; i < slices.size(); i++) {
      if (event.slices().get(i) instanceof Sequenced sequenced
          && sequenced.baseOffset()
              != ledger.partition(slices.get(i).slice.partition()).nextOffset()) {
        return false;
      }
    }
    return true;
  }

  private List<StoredSlice> slicesOf(FlushId flush) {
    return ledger.intake().getOrDefault(flush, List.of()).stream()
        .filter(slice -> slice.shard.equals(id))
        .toList();
  }

  private Map<PartitionId, Long> currentEnds() {
    Map<PartitionId, Long> current = new HashMap<>();
    for (PartitionId partition : ledger.partitionsOf(id)) {
      current.put(partition, ledger.partition(partition).nextOffset());
    }
    return current;
  }
}
