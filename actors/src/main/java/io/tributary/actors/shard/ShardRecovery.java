package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.CheckpointPointerFormat;
import io.tributary.persistence.format.FormatException;
import io.tributary.persistence.format.JournalEntryFormat;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.model.CheckpointPointer;
import io.tributary.persistence.model.ShardOwner;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads what an acquired shard has stored: one linearizable range over its keys gives the
 * checkpoint's pointer and the journal, then the checkpoint's root is fetched. Outages are waited
 * out; what contradicts itself is thrown on the shard's loop, to which this is confined.
 */
final class ShardRecovery {
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final ShardKeys keys;
  private final ShardOwner owner;
  private final ShardServices services;
  private final EventLoop loop;
  private final Backoff backoff;

  /** Told how it ended, once, on the loop. */
  interface Listener {
    void onRead(Stored stored);

    void onLost();
  }

  /**
   * @param pointerValue the checkpoint key's value
   * @param root the checkpoint's root object
   * @param records above the checkpoint, in order
   * @param lastNumber the last journal number that was ever used, 0 for none
   * @param term the period of the node's right to serve in which the shard was seen to be owned
   */
  record Stored(
      Optional<Bytes> pointerValue,
      Optional<Bytes> root,
      List<Bytes> records,
      long lastNumber,
      long term) {}

  ShardRecovery(ShardKeys keys, ShardOwner owner, ShardServices services, EventLoop loop) {
    this.keys = keys;
    this.owner = owner;
    this.services = services;
    this.loop = loop;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, services.random());
  }

  void start(Listener listener) {
    long term = services.right().term(loop.nanoTime());
    loop.then(
        services.metadata().range(keys.prefix()),
        outcome -> {
          switch (outcome) {
            case ReadOutcome.Unknown _ -> loop.schedule(backoff.next(), () -> start(listener));
            case ReadOutcome.Read read -> onKeys(read.entries(), term, listener);
          }
        });
  }

  private void onKeys(List<Entry> entries, long term, Listener listener) {
    Optional<Bytes> standing = value(entries, keys.owner());
    if (!standing.equals(Optional.of(ShardOwnerFormat.write(owner)))) {
      listener.onLost();
      return;
    }
    Optional<Bytes> pointerValue = value(entries, keys.checkpoint());
    Optional<CheckpointPointer> pointer = pointerValue.map(CheckpointPointerFormat::read);
    long covered = pointer.map(CheckpointPointer::journalNumber).orElse(0L);
    List<Bytes> records = new ArrayList<>();
    long last = readJournal(entries, covered, records);
    Stored withoutRoot = new Stored(pointerValue, Optional.empty(), records, last, term);
    if (pointer.isEmpty()) {
      listener.onRead(withoutRoot);
    } else {
      readRoot(pointer.get(), withoutRoot, listener);
    }
  }

  private static Optional<Bytes> value(List<Entry> entries, String key) {
    return entries.stream().filter(entry -> entry.key().equals(key)).map(Entry::value).findFirst();
  }

  /**
   * Collects the records above {@code covered}. Numbers at or below it may stand there: a commit
   * sent twice can land after the checkpoint that covers it has cut the journal.
   */
  private long readJournal(List<Entry> entries, long covered, List<Bytes> records) {
    long last = covered;
    for (Entry entry : entries) {
      if (!entry.key().startsWith(keys.journalPrefix())) {
        continue;
      }
      long number = keys.journalNumber(entry.key());
      if (number <= covered) {
        continue;
      }
      if (number != last + 1) {
        throw new FormatException("after journal number " + last + " comes " + number);
      }
      records.addAll(JournalEntryFormat.read(entry.value()).records());
      last = number;
    }
    return last;
  }

  private void readRoot(CheckpointPointer pointer, Stored withoutRoot, Listener listener) {
    loop.then(
        services.objects().get(new ObjectKey(pointer.object())),
        outcome -> {
          switch (outcome) {
            case GetOutcome.Found found -> {
              check(pointer, found.bytes());
              listener.onRead(
                  new Stored(
                      withoutRoot.pointerValue(),
                      Optional.of(found.bytes()),
                      withoutRoot.records(),
                      withoutRoot.lastNumber(),
                      withoutRoot.term()));
            }
            case GetOutcome.Absent _ ->
                throw new FormatException("checkpoint " + pointer.object() + " is not there");
            case GetOutcome.Unknown _ ->
                loop.schedule(backoff.next(), () -> readRoot(pointer, withoutRoot, listener));
          }
        });
  }

  private static void check(CheckpointPointer pointer, Bytes root) {
    if (root.length() != pointer.lengthBytes() || crcOf(root) != pointer.crc()) {
      throw new FormatException("checkpoint " + pointer.object() + " is damaged");
    }
  }

  static long crcOf(Bytes bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asByteBuffer());
    return crc.getValue();
  }
}
