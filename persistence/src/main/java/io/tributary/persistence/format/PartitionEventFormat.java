package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.LogStartMoved;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.SliceDecision;
import java.util.List;

/** A journal record of a partition shard. */
public final class PartitionEventFormat {
  private static final int APPENDED = 1;
  private static final int LOG_START_MOVED = 2;
  private static final int TOPIC_DELETED = 3;

  private static final int UNKNOWN_PARTITION = 0;
  private static final int SEQUENCED = 1;
  private static final int DUPLICATE = 0;
  private static final int EXCEPTION_BYTES_MIN = 2;

  private PartitionEventFormat() {}

  public static Bytes encode(PartitionEvent event) {
    FieldWriter out = new FieldWriter();
    switch (event) {
      case Appended appended -> {
        out.number(APPENDED);
        writeAppended(out, appended);
      }
      case LogStartMoved(PartitionId partition, long logStartOffset) -> {
        out.number(LOG_START_MOVED);
        out.uuid(partition.topicId());
        out.number(partition.partition());
        out.number(logStartOffset);
      }
      case TopicDeleted deleted -> {
        out.number(TOPIC_DELETED);
        writeTopicDeleted(out, deleted);
      }
    }
    return out.toEnvelope(FileKind.PARTITION_EVENT);
  }

  /**
   * @param name of the record, for errors
   * @throws DamagedException when the bytes are not what {@link #encode} gave
   */
  public static PartitionEvent decode(String name, Bytes record) {
    FieldReader in = FieldReader.ofEnvelope(name, FileKind.PARTITION_EVENT, record);
    int type = in.size();
    PartitionEvent event =
        switch (type) {
          case APPENDED -> readAppended(in);
          case LOG_START_MOVED ->
              new LogStartMoved(new PartitionId(in.uuid(), in.size()), in.number());
          case TOPIC_DELETED -> readTopicDeleted(in);
          default -> throw in.damaged("an event of type " + type);
        };
    in.end();
    return event;
  }

  static void writeAppended(FieldWriter out, Appended appended) {
    out.number(appended.flush().incarnation());
    out.number(appended.flush().flush());
    out.number(appended.decidedAtMs());
    out.number(appended.slices().size());
    for (SliceDecision slice : appended.slices()) {
      switch (slice) {
        case SliceDecision.UnknownPartition() -> out.number(UNKNOWN_PARTITION);
        case SliceDecision.Sequenced(long baseOffset, List<BatchException> exceptions) -> {
          out.number(SEQUENCED + (long) exceptions.size());
          out.number(baseOffset);
          int batch = 0;
          for (BatchException exception : exceptions) {
            out.number(exception.batch() - batch);
            writeException(out, exception, baseOffset);
            batch = exception.batch();
          }
        }
      }
    }
  }

  static Appended readAppended(FieldReader in) {
    FlushId flush = new FlushId(in.number(), in.number());
    long decidedAtMs = in.number();
    return new Appended(flush, decidedAtMs, in.list(1, () -> readSlice(in)));
  }

  static void writeTopicDeleted(FieldWriter out, TopicDeleted deleted) {
    out.uuid(deleted.topicId());
    out.number(deleted.deletedAtMs());
  }

  static TopicDeleted readTopicDeleted(FieldReader in) {
    return new TopicDeleted(in.uuid(), in.number());
  }

  private static SliceDecision readSlice(FieldReader in) {
    int tag = in.size();
    if (tag == UNKNOWN_PARTITION) {
      return new SliceDecision.UnknownPartition();
    }
    long baseOffset = in.number();
    int[] batch = {0};
    List<BatchException> exceptions =
        in.elements(
            tag - SEQUENCED,
            EXCEPTION_BYTES_MIN,
            () -> {
              batch[0] = in.size(batch[0]);
              return readException(in, batch[0], baseOffset);
            });
    return new SliceDecision.Sequenced(baseOffset, exceptions);
  }

  /** A duplicate stands below the slice's base offset, or (appended by the slice itself) above. */
  private static void writeException(FieldWriter out, BatchException exception, long baseOffset) {
    switch (exception) {
      case BatchException.Duplicate(_, long original) -> {
        out.number(DUPLICATE);
        out.signed(baseOffset - original);
      }
      case BatchException.Refused(_, Refusal reason) -> out.number(code(reason));
    }
  }

  private static BatchException readException(FieldReader in, int batch, long baseOffset) {
    int kind = in.size();
    if (kind == DUPLICATE) {
      return new BatchException.Duplicate(batch, baseOffset - in.signed());
    }
    for (Refusal reason : Refusal.values()) {
      if (code(reason) == kind) {
        return new BatchException.Refused(batch, reason);
      }
    }
    throw in.damaged("a refusal of kind " + kind);
  }

  private static int code(Refusal reason) {
    return switch (reason) {
      case OUT_OF_ORDER_SEQUENCE -> 1;
      case DUPLICATE_SEQUENCE -> 2;
      case INVALID_PRODUCER_EPOCH -> 3;
      case UNKNOWN_PARTITION -> 4;
    };
  }
}
