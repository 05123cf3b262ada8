package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionShardCheckpoint.Cursor;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.ProducerState.AppendedBatch;
import java.util.List;

/** The root of a partition shard's checkpoint. */
public final class PartitionShardCheckpointFormat {
  private static final int CURSOR_BYTES_MIN = 3;
  private static final int RESULT_BYTES_MIN = 4;
  private static final int TOPIC_BYTES_MIN = 17;
  private static final int PARTITION_BYTES_MIN = 6;
  private static final int PRODUCER_BYTES_MIN = 4;
  private static final int BATCH_BYTES_MIN = 3;

  private PartitionShardCheckpointFormat() {}

  /**
   * @param shard index of the shard whose state it is
   */
  public static Bytes encode(int shard, PartitionShardCheckpoint checkpoint) {
    FieldWriter out = new FieldWriter();
    out.number(shard);
    out.number(checkpoint.cursors().size());
    for (Cursor cursor : checkpoint.cursors()) {
      out.number(cursor.incarnation());
      out.number(cursor.lastFlush());
      out.number(cursor.results().size());
      for (Appended result : cursor.results()) {
        PartitionEventFormat.writeAppended(out, result);
      }
    }
    out.number(checkpoint.deletedTopics().size());
    for (TopicDeleted deleted : checkpoint.deletedTopics()) {
      PartitionEventFormat.writeTopicDeleted(out, deleted);
    }
    out.number(checkpoint.partitions().size());
    TopicTable topics = new TopicTable();
    for (PartitionCheckpoint partition : checkpoint.partitions()) {
      writePartition(out, topics, partition);
    }
    return out.toEnvelope(FileKind.PARTITION_SHARD_CHECKPOINT);
  }

  /**
   * @param name of the checkpoint, for errors
   * @throws DamagedException when the bytes are not what {@link #encode} gave for this shard
   */
  public static PartitionShardCheckpoint decode(String name, int shard, Bytes root) {
    FieldReader in = FieldReader.ofEnvelope(name, FileKind.PARTITION_SHARD_CHECKPOINT, root);
    int found = in.size();
    if (found != shard) {
      throw in.damaged("it is of shard " + found + ", not " + shard);
    }
    List<Cursor> cursors = in.list(CURSOR_BYTES_MIN, () -> readCursor(in));
    List<TopicDeleted> deleted =
        in.list(TOPIC_BYTES_MIN, () -> PartitionEventFormat.readTopicDeleted(in));
    TopicTable topics = new TopicTable();
    List<PartitionCheckpoint> partitions =
        in.list(PARTITION_BYTES_MIN, () -> readPartition(in, topics, shard));
    in.end();
    return new PartitionShardCheckpoint(cursors, deleted, partitions);
  }

  private static Cursor readCursor(FieldReader in) {
    return new Cursor(
        in.number(),
        in.number(),
        in.list(RESULT_BYTES_MIN, () -> PartitionEventFormat.readAppended(in)));
  }

  private static void writePartition(
      FieldWriter out, TopicTable topics, PartitionCheckpoint partition) {
    topics.write(out, partition.partition());
    out.number(partition.logStartOffset());
    out.number(partition.nextOffset());
    out.number(partition.producers().size());
    long timestampMs = 0;
    for (ProducerState producer : partition.producers()) {
      out.number(producer.producerId());
      out.number(producer.producerEpoch() & 0xffff);
      out.signed(producer.lastAppendMs() - timestampMs);
      out.number(producer.batches().size());
      for (AppendedBatch batch : producer.batches()) {
        out.number(batch.baseSequence());
        out.number((batch.lastSequence() - batch.baseSequence()) & Integer.MAX_VALUE);
        out.number(partition.nextOffset() - batch.baseOffset());
      }
      timestampMs = producer.lastAppendMs();
    }
    IndexFormat.writeRuns(out, partition.index());
  }

  private static PartitionCheckpoint readPartition(FieldReader in, TopicTable topics, int shard) {
    PartitionId partition = topics.read(in);
    long logStartOffset = in.number();
    long nextOffset = in.number();
    long[] timestampMs = {0};
    List<ProducerState> producers =
        in.list(
            PRODUCER_BYTES_MIN,
            () -> {
              long producerId = in.number();
              short epoch = (short) in.size();
              timestampMs[0] += in.signed();
              List<AppendedBatch> batches =
                  in.list(BATCH_BYTES_MIN, () -> readBatch(in, nextOffset));
              if (batches.isEmpty() || batches.size() > ProducerState.BATCHES_MAX) {
                throw in.damaged("a producer with " + batches.size() + " batches");
              }
              return new ProducerState(producerId, epoch, timestampMs[0], batches);
            });
    return new PartitionCheckpoint(
        partition, logStartOffset, nextOffset, producers, IndexFormat.readRuns(in, shard));
  }

  private static AppendedBatch readBatch(FieldReader in, long nextOffset) {
    int baseSequence = in.size();
    int lastSequence = (baseSequence + in.size()) & Integer.MAX_VALUE;
    return new AppendedBatch(baseSequence, lastSequence, nextOffset - in.number());
  }
}
