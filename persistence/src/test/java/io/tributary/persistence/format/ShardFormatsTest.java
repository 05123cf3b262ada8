package io.tributary.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.JournalEntryFormat.JournalEntry;
import io.tributary.persistence.model.CheckpointPointer;
import io.tributary.persistence.model.ClusterIdentity;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.persistence.model.ShardOwner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardFormatsTest {
  private static final JournalEntry ENTRY =
      new JournalEntry(7, 3, List.of(text("one"), Bytes.EMPTY, text("three")));

  @Test
  void aJournalEntryIsReadAsItWasWritten() {
    assertThat(JournalEntryFormat.read(JournalEntryFormat.write(ENTRY))).isEqualTo(ENTRY);
  }

  @Test
  void anyFlippedBitOfAJournalEntryIsNoticed() {
    byte[] written = JournalEntryFormat.write(ENTRY).toByteArray();
    for (int bit = 0; bit < written.length * 8; bit++) {
      byte[] damaged = written.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> JournalEntryFormat.read(Bytes.wrap(damaged)))
          .as("bit %s", bit)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void aJournalEntryThatIsCutShortIsNoticed() {
    Bytes written = JournalEntryFormat.write(ENTRY);
    for (int length = 0; length < written.length(); length++) {
      Bytes cut = written.slice(0, length);
      assertThatThrownBy(() -> JournalEntryFormat.read(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void theBytesOfAJournalEntryArePinned() {
    JournalEntry entry = new JournalEntry(1, 2, List.of(text("a")));
    assertThat(JournalEntryFormat.write(entry).toByteArray())
        .asHexString()
        .isEqualTo(
            "01"
                + "EEA7DF1F"
                + "0000000000000001"
                + "0000000000000002"
                + "00000001"
                + "00000001"
                + "61");
  }

  @Test
  void ownersAreReadAsTheyWereWritten() {
    ShardOwner owner = new ShardOwner(5, 9, -77, false);
    assertThat(ShardOwnerFormat.read(ShardOwnerFormat.write(owner))).isEqualTo(owner);
    ShardOwner released = owner.asReleased();
    assertThat(ShardOwnerFormat.read(ShardOwnerFormat.write(released))).isEqualTo(released);
    assertThat(new String(ShardOwnerFormat.write(owner).toByteArray(), StandardCharsets.UTF_8))
        .isEqualTo("epoch=5\nincarnation=9\nattempt=-77\nstate=owned\n");
  }

  @Test
  void checkpointPointersAreReadAsTheyWereWritten() {
    CheckpointPointer pointer = new CheckpointPointer("checkpoint/groups/1/3.4", 12, 99, 1L << 31);
    assertThat(CheckpointPointerFormat.read(CheckpointPointerFormat.write(pointer)))
        .isEqualTo(pointer);
  }

  @Test
  void nodesAndClustersAreReadAsTheyWereWritten() {
    NodeRecord node =
        new NodeRecord(
            "n-1",
            4,
            2,
            new Address("kafka.example", 9092),
            new Address("10.0.0.1", 7355),
            "zone=a",
            "",
            "0.1.0",
            1_700_000_000_000L,
            17);
    assertThat(NodeRecordFormat.read(NodeRecordFormat.write(node))).isEqualTo(node);
    ClusterIdentity cluster = new ClusterIdentity("4L6g3nShT-eMCtK--X86sw", 1, ShardCounts.DEFAULT);
    assertThat(ClusterIdentityFormat.read(ClusterIdentityFormat.write(cluster))).isEqualTo(cluster);
  }

  @Test
  void aClusterOfANewerFormatIsRefused() {
    Bytes newer = ClusterIdentityFormat.write(new ClusterIdentity("x", 2, ShardCounts.DEFAULT));
    assertThatThrownBy(() -> ClusterIdentityFormat.read(newer))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("newer release");
  }

  @Test
  void aFieldIsOneLine() {
    assertThatThrownBy(() -> TextRecord.builder().with("name", "a\nheartbeat=9"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFieldThatIsMissingOrNoNumberIsNamed() {
    TextRecord record = TextRecord.read(text("a=1\nb=x\n"));
    assertThatThrownBy(() -> record.text("c")).hasMessageContaining("field c is missing");
    assertThatThrownBy(() -> record.number("b")).hasMessageContaining("b is not a number");
  }

  @Test
  void journalKeysAscendWithTheirNumbers() {
    ShardKeys keys = new ShardKeys(new ShardId(ShardKind.PARTITIONS, 1));
    assertThat(keys.journal(10)).isGreaterThan(keys.journal(9)).startsWith(keys.prefix());
    assertThat(keys.journalNumber(keys.journal(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(keys.journal(1)).isEqualTo("shard/partitions/1/journal/0000000000000000001");
  }

  private static Bytes text(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
