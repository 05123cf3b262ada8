package io.tributary.actors.shard;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.JournalEntryFormat;
import io.tributary.persistence.format.JournalEntryFormat.JournalEntry;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.model.ShardOwner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One owned shard's line to the {@link FencedWriter}. The public methods may be called on any
 * thread and keep one caller's order; the state is confined to the writer's loop. Whoever appends
 * bounds what is not committed yet.
 */
public final class JournalLine {
  /** Bytes of the records that go into one entry, unless a single record is larger. */
  private static final int ENTRY_BYTES_MAX = 256 * 1024;

  private final FencedWriter writer;
  private final FencedWriter.Listener listener;

  /** What is not known to be durable; a transaction in flight has the head of it. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private Position position;

  private boolean closed;

  JournalLine(FencedWriter writer, Position position, FencedWriter.Listener listener) {
    this.writer = writer;
    this.position = position;
    this.listener = listener;
  }

  /**
   * Where the next entry goes.
   *
   * @param ownerValue what the owner key must hold
   */
  record Position(ShardKeys keys, ShardOwner owner, Bytes ownerValue, long number) {
    Position(ShardKeys keys, ShardOwner owner, long number) {
      this(keys, owner, ShardOwnerFormat.write(owner), number);
    }

    Position next() {
      return new Position(keys, owner, ownerValue, number + 1);
    }
  }

  record Gathered(Bytes entry, int records) {}

  private static final class Pending {
    private final Bytes record;
    private boolean endsEntry;

    Pending(Bytes record) {
      this.record = record;
    }
  }

  public void append(Bytes record) {
    writer.loop().execute(() -> onAppended(record));
  }

  /** The last record appended so far ends its journal entry: no later one joins it there. */
  public void seal() {
    writer.loop().execute(this::onSealed);
  }

  /**
   * Nothing is written or reported any more, except that what is in flight may still become
   * durable.
   */
  public void close() {
    writer.loop().execute(this::toClosed);
  }

  private void onAppended(Bytes record) {
    if (closed) {
      return;
    }
    pending.add(new Pending(record));
    if (pending.size() == 1) {
      writer.onRecordsWaiting(this);
    }
  }

  private void onSealed() {
    Pending last = pending.peekLast();
    if (last != null) {
      last.endsEntry = true;
    }
  }

  private void toClosed() {
    closed = true;
    pending.clear();
  }

  boolean hasRecords() {
    return !pending.isEmpty();
  }

  Position position() {
    return position;
  }

  /** The next entry, of as many waiting records as belong together. */
  Gathered peek() {
    List<Bytes> records = new ArrayList<>();
    int bytes = 0;
    for (Pending next : pending) {
      bytes += next.record.length();
      if (bytes > ENTRY_BYTES_MAX && !records.isEmpty()) {
        break;
      }
      records.add(next.record);
      if (next.endsEntry) {
        break;
      }
    }
    ShardOwner owner = position.owner();
    JournalEntry entry = new JournalEntry(owner.epoch(), owner.incarnation(), records);
    return new Gathered(JournalEntryFormat.write(entry), records.size());
  }

  /** The next {@code records} records are durable. */
  void toCommitted(int records) {
    if (closed) {
      return;
    }
    for (int i = 0; i < records; i++) {
      pending.remove();
    }
    long number = position.number();
    position = position.next();
    listener.onCommitted(number, records);
  }

  void toFenced() {
    if (!closed) {
      toClosed();
      listener.onFenced();
    }
  }
}
