package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ShardOwner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of journals of a node. While a transaction is in flight it gathers the records of
 * all shards the node owns; the next transaction then writes one journal entry for each of up to
 * {@value #SHARDS_PER_TRANSACTION_MAX} shards, and compares for each that the owner is still this
 * owner and that the entry's number is free. When a compare does not hold, the same transaction
 * reads both keys of every shard, so that each learns for itself: committed (its own bytes stand
 * there), fenced, or again. A transaction whose outcome is unknown is sent again as it is, for as
 * long as it takes: nothing is reported before it is known.
 *
 * <p>Lives as long as the node; confined to a loop of its own. {@link #open} and the {@link
 * JournalLine}'s methods may be called on any thread.
 */
public final class FencedWriter {
  /** Two compares a shard, and the store takes 128. */
  public static final int SHARDS_PER_TRANSACTION_MAX = 60;

  private static final Logger LOG = LoggerFactory.getLogger(FencedWriter.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final MetadataStore store;
  private final EventLoop loop;
  private final Backoff backoff;

  /** Lines with records to write, the one that waits longest first; each at most once. */
  private final Deque<JournalLine> waiting = new ArrayDeque<>();

  private boolean inFlight;

  public FencedWriter(MetadataStore store, EventLoop loop, RandomGenerator random) {
    this.store = store;
    this.loop = loop;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, random);
  }

  /** What a shard hears of its journal; called on the writer's loop, in order. */
  public interface Listener {
    /**
     * Journal entry {@code number} is durable; it holds the next {@code records} records that were
     * appended.
     */
    void onCommitted(long number, int records);

    /**
     * The shard has another owner. The last call; what was not reported committed never will be.
     */
    void onFenced();
  }

  /**
   * A line to the journal of a shard that has just been acquired.
   *
   * @param nextNumber the first free journal number
   */
  public JournalLine open(ShardKeys keys, ShardOwner owner, long nextNumber, Listener listener) {
    return new JournalLine(this, new JournalLine.Position(keys, owner, nextNumber), listener);
  }

  EventLoop loop() {
    return loop;
  }

  /** On the loop: {@code line} has records to write. */
  void onRecordsWaiting(JournalLine line) {
    waiting.add(line);
    writeNext();
  }

  private void writeNext() {
    if (inFlight || waiting.isEmpty()) {
      return;
    }
    List<Commit> commits = gather();
    if (!commits.isEmpty()) {
      inFlight = true;
      send(commits);
    }
  }

  /** One line's part of a transaction. */
  private record Commit(JournalLine line, JournalLine.Position at, Bytes entry, int records) {
    String journalKey() {
      return at.keys().journal(at.number());
    }

    String ownerKey() {
      return at.keys().owner();
    }

    long transactionBytes() {
      // Each key stands in a compare and in the else-branch, the journal's in the write, too.
      return entry.length()
          + at.ownerValue().length()
          + 2L * ownerKey().length()
          + 3L * journalKey().length();
    }
  }

  private List<Commit> gather() {
    List<Commit> commits = new ArrayList<>();
    long roomBytes = MetadataStore.TRANSACTION_BYTES_MAX;
    while (!waiting.isEmpty() && commits.size() < SHARDS_PER_TRANSACTION_MAX) {
      JournalLine line = waiting.getFirst();
      if (line.hasRecords()) {
        JournalLine.Gathered next = line.peek();
        Commit commit = new Commit(line, line.position(), next.entry(), next.records());
        roomBytes -= commit.transactionBytes();
        if (roomBytes < 0) {
          return commits;
        }
        commits.add(commit);
      }
      waiting.removeFirst();
    }
    return commits;
  }

  private void send(List<Commit> commits) {
    List<Compare> compares = new ArrayList<>();
    List<Write> writes = new ArrayList<>();
    List<String> otherwise = new ArrayList<>();
    for (Commit commit : commits) {
      compares.add(new Compare.ValueIs(commit.ownerKey(), commit.at().ownerValue()));
      compares.add(new Compare.Absent(commit.journalKey()));
      writes.add(new Write.Put(commit.journalKey(), commit.entry()));
      otherwise.add(commit.ownerKey());
      otherwise.add(commit.journalKey());
    }
    loop.then(
        store.transact(new Transaction(compares, writes, otherwise)),
        outcome -> onOutcome(commits, outcome));
  }

  private void onOutcome(List<Commit> commits, TransactionOutcome outcome) {
    switch (outcome) {
      case TransactionOutcome.Applied _ -> {
        commits.forEach(this::onCommitted);
        toIdle();
      }
      case TransactionOutcome.Refused refused -> {
        onRefused(commits, refused.entries());
        toIdle();
      }
      case TransactionOutcome.Unknown unknown -> {
        Duration pause = backoff.next();
        LOG.warn(
            "Outcome of a commit of {} shards is unknown, asking again in {} ms: {}",
            commits.size(),
            pause.toMillis(),
            unknown.cause().toString());
        loop.schedule(pause, () -> send(commits));
      }
    }
  }

  private void onRefused(List<Commit> commits, List<Entry> entries) {
    Map<String, Bytes> standing = new HashMap<>();
    entries.forEach(entry -> standing.put(entry.key(), entry.value()));
    for (Commit commit : commits) {
      Bytes journal = standing.get(commit.journalKey());
      if (!commit.at().ownerValue().equals(standing.get(commit.ownerKey()))) {
        commit.line().toFenced();
      } else if (commit.entry().equals(journal)) {
        onCommitted(commit);
      } else if (journal == null) {
        waiting.addFirst(commit.line());
      } else {
        LOG.error("{} holds bytes nobody but its owner may write", commit.journalKey());
        commit.line().toFenced();
      }
    }
  }

  private void onCommitted(Commit commit) {
    commit.line().toCommitted(commit.records());
    if (commit.line().hasRecords()) {
      waiting.addLast(commit.line());
    }
  }

  private void toIdle() {
    backoff.reset();
    inFlight = false;
    writeNext();
  }
}
