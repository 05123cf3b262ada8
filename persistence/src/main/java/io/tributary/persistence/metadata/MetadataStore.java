package io.tributary.persistence.metadata;

import io.tributary.persistence.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Small keys and values, strictly serializable. Every implementation is held to by {@code
 * MetadataStoreContract}.
 *
 * <p>A fault of the world is an outcome, never an exception: stages fail only for a caller's
 * mistake. {@code Unknown} means that the operation may or may not have happened. The store never
 * retries a transaction by itself: a repeated transaction may find its own first attempt. Nothing
 * blocks the caller.
 *
 * <p>Keys are UTF-8 text, relative to the cluster's root ({@code /tributary/<cluster>/}), which the
 * store adds.
 */
public interface MetadataStore extends AutoCloseable {
  /** Most compares, and most operations, of one transaction (etcd's own limit is 128 each). */
  int TRANSACTION_OPERATIONS_MAX = 128;

  /** Most bytes of one transaction, keys and values together (etcd takes 1.5 MiB a request). */
  int TRANSACTION_BYTES_MAX = 1024 * 1024;

  CompletionStage<ReadOutcome> get(String key);

  /** All keys that begin with {@code prefix}, ascending, as of one revision. */
  CompletionStage<ReadOutcome> range(String prefix);

  /**
   * Applies {@code transaction} atomically: the then-branch if every compare holds, else the
   * else-branch (reads).
   */
  CompletionStage<TransactionOutcome> transact(Transaction transaction);

  /**
   * Tells {@code listener} of changes under {@code prefix} until closed. A hint that something
   * changed, never proof that nothing did: it is always backed by polling, may repeat, and may fold
   * several changes into one call.
   */
  Watch watch(String prefix, Runnable listener);

  /**
   * Whether holding this store open proves that no other process holds it (an embedded store under
   * a file lock). Then a new incarnation need not wait for an old one's heartbeat to stand still.
   */
  boolean isExclusive();

  @Override
  void close();

  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param version the revision of the store at which the key was last written; rises with every
   *     write of the key
   */
  record Entry(String key, Bytes value, long version) {}

  sealed interface ReadOutcome {
    /**
     * @param entries ascending by key; empty when nothing is there
     * @param revision the store's revision the read was served at
     */
    record Read(List<Entry> entries, long revision) implements ReadOutcome {
      public Optional<Entry> first() {
        return entries.stream().findFirst();
      }
    }

    record Unknown(Throwable cause) implements ReadOutcome {}
  }

  /**
   * @param compares all must hold for the then-branch
   * @param then writes
   * @param otherwise keys read, at the same revision, when a compare does not hold
   */
  record Transaction(List<Compare> compares, List<Write> then, List<String> otherwise) {
    public Transaction {
      compares = List.copyOf(compares);
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }

  sealed interface Compare {
    String key();

    record Absent(String key) implements Compare {}

    /** The key is there, and its value is byte for byte this. */
    record ValueIs(String key, Bytes value) implements Compare {}

    /** The key is there, last written at this {@link Entry#version}. */
    record VersionIs(String key, long version) implements Compare {}
  }

  sealed interface Write {
    record Put(String key, Bytes value) implements Write {}

    record Delete(String key) implements Write {}

    /** Deletes the keys from {@code from} (inclusive) to {@code to} (exclusive), in byte order. */
    record DeleteRange(String from, String to) implements Write {}
  }

  sealed interface TransactionOutcome {
    record Applied(long revision) implements TransactionOutcome {}

    /**
     * A compare did not hold; nothing was written.
     *
     * @param entries those of {@link Transaction#otherwise} that exist
     */
    record Refused(List<Entry> entries, long revision) implements TransactionOutcome {}

    record Unknown(Throwable cause) implements TransactionOutcome {}
  }
}
