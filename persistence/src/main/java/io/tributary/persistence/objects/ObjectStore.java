package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Immutable objects under unique keys. Every implementation is held to by {@code
 * ObjectStoreContract}.
 *
 * <p>A storage fault is an outcome, never an exception: stages fail only for a caller's mistake.
 * {@code Unknown} means that the operation may or may not have happened; it is never to be read as
 * "failed" or "absent". No method blocks the caller; stages complete on a thread of the store's, so
 * a callback must not block either.
 */
public interface ObjectStore extends AutoCloseable {
  /** The largest object {@link #putIfAbsent} takes. */
  int PUT_BYTES_MAX = 64 * 1024 * 1024;

  /** The most keys one {@link #list} page returns. */
  int LIST_PAGE_MAX = 1_000;

  /**
   * Writes the concatenation of {@code parts} at {@code key} only if the key is free. Atomic: other
   * readers see the whole object or none. {@code Stored} means it survives power loss (the file
   * system store syncs file and folder first, unless told not to).
   *
   * <p>Source: S3 PutObject with {@code If-None-Match: *}; on files, a link from a synced temporary
   * file.
   *
   * @param parts immutable; together 1 to {@value #PUT_BYTES_MAX} bytes
   */
  CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts);

  /** The whole object. */
  CompletionStage<GetOutcome> get(ObjectKey key);

  /**
   * {@code length} bytes from {@code from}; fewer when the object ends before. Starting at or past
   * the end gives an empty {@code Found}.
   */
  CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length);

  /**
   * The last {@code length} bytes; the whole object when it is shorter. Source: HTTP suffix range.
   */
  CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length);

  /**
   * Keys that begin with {@code prefix} (a key's text, may end in "/" or be empty for all), in
   * ascending order, after {@code after} when given; at most {@value #LIST_PAGE_MAX}. Strongly
   * consistent.
   */
  CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after);

  /** Deletes the object. Deleting what is absent is {@code Deleted} too. */
  CompletionStage<DeleteOutcome> delete(ObjectKey key);

  @Override
  void close();

  sealed interface PutOutcome {
    record Stored() implements PutOutcome {}

    /** Another object, or an earlier attempt of one's own, stands there. */
    record Occupied() implements PutOutcome {}

    record Unknown(Throwable cause) implements PutOutcome {}
  }

  sealed interface GetOutcome {
    /**
     * @param objectBytes size of the whole object
     */
    record Found(Bytes bytes, long objectBytes) implements GetOutcome {}

    record Absent() implements GetOutcome {}

    record Unknown(Throwable cause) implements GetOutcome {}
  }

  sealed interface ListOutcome {
    /**
     * @param more whether keys after the last one may exist
     */
    record Listed(List<Entry> entries, boolean more) implements ListOutcome {}

    record Unknown(Throwable cause) implements ListOutcome {}
  }

  record Entry(ObjectKey key, long sizeBytes, long modifiedAtMs) {}

  sealed interface DeleteOutcome {
    record Deleted() implements DeleteOutcome {}

    record Unknown(Throwable cause) implements DeleteOutcome {}
  }
}
