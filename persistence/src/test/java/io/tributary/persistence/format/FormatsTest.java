package io.tributary.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.IntakeObjectFormat.FooterRead;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FormatsTest {
  private static final String NAME = "the file";
  private static final int SHARD = 5;

  @Property(tries = 300)
  void intakeFootersAreReadAsWritten(@ForAll long seed) {
    Facts facts = new Facts(seed);
    FlushId flush = facts.flush();
    List<PartitionSlice> slices = facts.slices();

    assertThat(readFooter(flush, object(flush, slices)))
        .isEqualTo(new FooterRead.Complete(new IntakeFooter(flush, slices)));
  }

  @Property(tries = 15)
  void damagedIntakeFootersAreRejected(@ForAll long seed) {
    Facts facts = new Facts(seed);
    FlushId flush = facts.flush();
    List<PartitionSlice> slices = facts.slices();
    Bytes object = object(flush, slices);
    int bodyEnd = slices.getLast().position() + slices.getLast().lengthBytes();

    Damage.isFound(object, bodyEnd, damaged -> readFooter(flush, damaged));
  }

  @Test
  void aFooterLongerThanTheSuffixAsksForItsLength() {
    Facts facts = new Facts(1);
    FlushId flush = facts.flush();
    List<PartitionSlice> slices = facts.slices();
    Bytes object = object(flush, slices);
    Bytes suffix = object.slice(object.length() - 20, 20);

    FooterRead first = IntakeObjectFormat.readFooter(NAME, flush, suffix, object.length());
    assertThat(first)
        .isInstanceOfSatisfying(
            FooterRead.NeedsSuffix.class,
            needs -> {
              int length = needs.lengthBytes();
              Bytes longer = object.slice(object.length() - length, length);
              assertThat(IntakeObjectFormat.readFooter(NAME, flush, longer, object.length()))
                  .isEqualTo(new FooterRead.Complete(new IntakeFooter(flush, slices)));
            });
  }

  @Test
  void anObjectUnderAnotherNameIsRejected() {
    Facts facts = new Facts(1);
    Bytes object = object(new FlushId(3, 4), facts.slices());

    assertThatThrownBy(() -> readFooter(new FlushId(3, 5), object))
        .hasMessage("the file cannot be read: it is flush 3.4, not 3.5");
  }

  @Test
  void slicesThatDoNotFitTheBodyAreTheCallersMistake() {
    PartitionSlice slice =
        new PartitionSlice(
            new PartitionId(new UUID(1, 1), 0),
            IntakeObjectFormat.HEADER_BYTES,
            List.of(new BatchFacts(70, 1, (short) 0, 0, -1, (short) -1, -1)));

    assertThatThrownBy(
            () ->
                IntakeObjectFormat.assemble(
                    new FlushId(1, 1), List.of(slice), List.of(Bytes.wrap(new byte[69]))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                IntakeObjectFormat.assemble(
                    new FlushId(1, 1), List.of(slice, slice), List.of(Bytes.wrap(new byte[140]))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 500)
  void partitionEventsAreReadAsWritten(@ForAll long seed) {
    PartitionEvent event = new Facts(seed).event();

    assertThat(PartitionEventFormat.decode(NAME, PartitionEventFormat.encode(event)))
        .isEqualTo(event);
  }

  @Property(tries = 30)
  void damagedPartitionEventsAreRejected(@ForAll long seed) {
    Damage.isFound(
        PartitionEventFormat.encode(new Facts(seed).event()),
        0,
        damaged -> PartitionEventFormat.decode(NAME, damaged));
  }

  @Test
  void anUneventfulSliceTakesAboutTenBytesOfJournal() {
    int slices = 100;
    List<SliceDecision> decisions = new ArrayList<>();
    for (int i = 0; i < slices; i++) {
      decisions.add(new SliceDecision.Sequenced(1_000_000_000_000L + i, List.of()));
    }
    Bytes record =
        PartitionEventFormat.encode(
            new PartitionEvent.Appended(new FlushId(9, 1_000_000), 1_800_000_000_000L, decisions));

    assertThat(record.length()).isLessThan(10 * slices);
  }

  @Property(tries = 300)
  void indexEntriesAreReadAsWritten(@ForAll long seed) {
    Facts facts = new Facts(seed);
    PartitionId partition = facts.partition();
    List<IndexEntry> entries = facts.entries();
    Bytes bytes = IndexFormat.encodeEntries(partition, entries);

    assertThat(IndexFormat.decodeEntries(partition, run(0, entries, bytes), bytes))
        .isEqualTo(entries);
  }

  @Property(tries = 300)
  void indexRunsAreReadAsWritten(@ForAll long seed) {
    Facts facts = new Facts(seed);
    PartitionId partition = facts.partition();
    List<IndexRun> runs = facts.runs(SHARD);
    Bytes bytes = IndexFormat.encodeRuns(partition, 2, runs);
    IndexRun above =
        new IndexRun(
            new PageId(SHARD, 1, 1),
            0,
            bytes.length(),
            2,
            runs.size(),
            runs.getFirst().baseOffset(),
            runs.getLast().nextOffset(),
            0,
            0);

    assertThat(IndexFormat.decodeRuns(partition, above, bytes)).isEqualTo(runs);
  }

  @Test
  void aRunOfAnotherPartitionOrOfOtherOffsetsIsRejected() {
    Facts facts = new Facts(1);
    PartitionId partition = facts.partition();
    List<IndexEntry> entries = facts.entries();
    Bytes bytes = IndexFormat.encodeEntries(partition, entries);
    IndexRun run = run(0, entries, bytes);
    PartitionId other = new PartitionId(partition.topicId(), partition.partition() + 1);

    assertThatThrownBy(() -> IndexFormat.decodeEntries(other, run, bytes))
        .isInstanceOf(DamagedException.class)
        .hasMessageStartingWith("checkpoint/partitions/5/1-1 at 0 cannot be read: it holds");
    assertThatThrownBy(
            () ->
                IndexFormat.decodeEntries(
                    partition,
                    run,
                    IndexFormat.encodeEntries(partition, entries.subList(0, entries.size() - 1))))
        .isInstanceOf(DamagedException.class);
  }

  @Property(tries = 300)
  void checkpointsAreReadAsWritten(@ForAll long seed) {
    PartitionShardCheckpoint checkpoint = new Facts(seed).checkpoint(SHARD);
    Bytes root = PartitionShardCheckpointFormat.encode(SHARD, checkpoint);

    assertThat(PartitionShardCheckpointFormat.decode(NAME, SHARD, root)).isEqualTo(checkpoint);
  }

  @Property(tries = 10)
  void damagedCheckpointsAreRejected(@ForAll long seed) {
    Damage.isFound(
        PartitionShardCheckpointFormat.encode(SHARD, new Facts(seed).checkpoint(SHARD)),
        0,
        damaged -> PartitionShardCheckpointFormat.decode(NAME, SHARD, damaged));
  }

  @Test
  void theCheckpointOfAnotherShardIsRejected() {
    Bytes root = PartitionShardCheckpointFormat.encode(SHARD, new Facts(1).checkpoint(SHARD));

    assertThatThrownBy(() -> PartitionShardCheckpointFormat.decode(NAME, SHARD + 1, root))
        .hasMessage("the file cannot be read: it is of shard 5, not 6");
  }

  @Test
  void aNewerVersionIsNamed() {
    byte[] newer = PartitionEventFormat.encode(new Facts(1).event()).toByteArray();
    newer[Integer.BYTES] = 2;
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, newer.length - Integer.BYTES);
    ByteBuffer.wrap(newer).putInt(newer.length - Integer.BYTES, (int) crc.getValue());

    assertThatThrownBy(() -> PartitionEventFormat.decode(NAME, Bytes.wrap(newer)))
        .hasMessage(
            "the file cannot be read: it has version 2 of 'TRPE', this node reads version 1");
  }

  @Test
  void aCountThatCannotBeIsRejectedBeforeAnythingIsAllocated() {
    FieldWriter out = new FieldWriter();
    out.number(SHARD);
    out.number(Integer.MAX_VALUE);
    Bytes root = out.toEnvelope(FileKind.PARTITION_SHARD_CHECKPOINT);

    assertThatThrownBy(() -> PartitionShardCheckpointFormat.decode(NAME, SHARD, root))
        .hasMessageContaining("2147483647 elements do not fit");
  }

  private static FooterRead readFooter(FlushId flush, Bytes object) {
    return IntakeObjectFormat.readFooter(NAME, flush, object, object.length());
  }

  private static Bytes object(FlushId flush, List<PartitionSlice> slices) {
    int body = slices.stream().mapToInt(PartitionSlice::lengthBytes).sum();
    List<Bytes> parts =
        IntakeObjectFormat.assemble(flush, slices, List.of(Bytes.wrap(new byte[body])));
    byte[] object = new byte[parts.stream().mapToInt(Bytes::length).sum()];
    int position = 0;
    for (Bytes part : parts) {
      part.copyTo(object, position);
      position += part.length();
    }
    return Bytes.wrap(object);
  }

  private static IndexRun run(int level, List<IndexEntry> entries, Bytes bytes) {
    return new IndexRun(
        new PageId(SHARD, 1, 1),
        0,
        bytes.length(),
        level,
        entries.size(),
        entries.getFirst().baseOffset(),
        entries.getLast().nextOffset(),
        0,
        0);
  }
}
