package io.tributary.persistence.format;

import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionShardCheckpoint.Cursor;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.ProducerState.AppendedBatch;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.SliceDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Facts by a seed, with small and with extreme numbers. */
final class Facts {
  private final Random random;
  private final List<UUID> topics;

  Facts(long seed) {
    random = new Random(seed);
    topics = list(1, 4, () -> new UUID(random.nextLong(), random.nextLong()));
  }

  List<PartitionSlice> slices() {
    List<PartitionSlice> slices = new ArrayList<>();
    int position = IntakeObjectFormat.HEADER_BYTES;
    for (int count = 1 + random.nextInt(6); count > 0; count--) {
      slices.add(new PartitionSlice(partition(), position, list(1, 4, this::batch)));
      position += slices.getLast().lengthBytes();
    }
    return slices;
  }

  FlushId flush() {
    return new FlushId(number(), number());
  }

  PartitionId partition() {
    return new PartitionId(topics.get(random.nextInt(topics.size())), random.nextInt(1_000));
  }

  BatchFacts batch() {
    int sizeBytes = 61 + random.nextInt(1_000);
    int records = 1 + random.nextInt(500);
    short attributes = (short) random.nextInt(1 << 16);
    long timestampMs = random.nextBoolean() ? -1 : number();
    return random.nextBoolean()
        ? new BatchFacts(sizeBytes, records, attributes, timestampMs, -1, (short) -1, -1)
        : new BatchFacts(
            sizeBytes,
            records,
            attributes,
            timestampMs,
            number(),
            (short) random.nextInt(1 << 15),
            (int) (number() & Integer.MAX_VALUE));
  }

  PartitionEvent event() {
    return switch (random.nextInt(4)) {
      case 0 -> new PartitionEvent.LogStartMoved(partition(), number());
      case 1 -> deleted();
      default -> appended();
    };
  }

  PartitionEvent.TopicDeleted deleted() {
    return new PartitionEvent.TopicDeleted(topics.getFirst(), number());
  }

  PartitionEvent.Appended appended() {
    return new PartitionEvent.Appended(flush(), number(), list(0, 5, this::decision));
  }

  private SliceDecision decision() {
    if (random.nextInt(4) == 0) {
      return new SliceDecision.UnknownPartition();
    }
    int[] batch = {0};
    return new SliceDecision.Sequenced(
        number(),
        list(
            0,
            3,
            () -> {
              batch[0] += 1 + random.nextInt(3);
              return random.nextBoolean()
                  ? new BatchException.Duplicate(batch[0], number())
                  : new BatchException.Refused(
                      batch[0], Refusal.values()[random.nextInt(Refusal.values().length)]);
            }));
  }

  List<IndexEntry> entries() {
    long[] offset = {number() / 2};
    return list(
        1,
        10,
        () -> {
          long base = offset[0] + random.nextInt(2);
          offset[0] = base + 1 + random.nextInt(1_000);
          return new IndexEntry(
              flush(),
              random.nextInt(Integer.MAX_VALUE),
              random.nextInt(Integer.MAX_VALUE),
              base,
              offset[0],
              random.nextBoolean() ? -1 : number(),
              random.nextInt(4) == 0 ? List.of(1, 5, 6) : List.of());
        });
  }

  List<IndexRun> runs(int shard) {
    long[] offset = {number() / 2};
    return list(
        1,
        5,
        () -> {
          long base = offset[0];
          offset[0] += 1 + random.nextInt(100_000);
          return new IndexRun(
              new PageId(shard, number(), number()),
              random.nextInt(1 << 23),
              1 + random.nextInt(1 << 20),
              random.nextInt(3),
              1 + random.nextInt(512),
              base,
              offset[0],
              number(),
              random.nextBoolean() ? -1 : number());
        });
  }

  PartitionShardCheckpoint checkpoint(int shard) {
    return new PartitionShardCheckpoint(
        list(0, 3, () -> new Cursor(number(), number(), list(0, 3, this::appended))),
        list(0, 2, this::deleted),
        list(
            0,
            4,
            () ->
                new PartitionCheckpoint(
                    partition(), number(), number(), list(0, 3, this::producer), runs(shard))));
  }

  private ProducerState producer() {
    return new ProducerState(
        number(),
        (short) random.nextInt(1 << 15),
        number(),
        list(
            1,
            ProducerState.BATCHES_MAX,
            () ->
                new AppendedBatch(
                    random.nextInt(Integer.MAX_VALUE),
                    random.nextInt(Integer.MAX_VALUE),
                    number())));
  }

  private <T> List<T> list(int min, int max, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int count = min + random.nextInt(max - min + 1); count > 0; count--) {
      list.add(element.get());
    }
    return list;
  }

  /** 0 or more, of any magnitude. */
  private long number() {
    return random.nextLong() >>> 1 + random.nextInt(62);
  }
}
