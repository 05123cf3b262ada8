package io.tributary.actors.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupRecordsFormatTest {
  @Property
  void whatIsEncodedIsDecoded(@ForAll List<byte[]> keys, @ForAll List<byte[]> values) {
    List<EncodedRecord> records = records(keys, values);

    assertThat(GroupRecordsFormat.decode(GroupRecordsFormat.encode(records))).isEqualTo(records);
  }

  @Property
  void aChangedByteIsFound(
      @ForAll List<byte[]> keys, @ForAll @IntRange(max = 1_000_000) int anywhere) {
    byte[] encoded = GroupRecordsFormat.encode(records(keys, List.of())).toByteArray();
    encoded[anywhere % encoded.length] ^= 1;

    assertThatThrownBy(() -> GroupRecordsFormat.decode(Bytes.wrap(encoded)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBytesOfVersionOneStayAsTheyAre() {
    Bytes encoded =
        GroupRecordsFormat.encode(
            List.of(
                new EncodedRecord(Bytes.wrap(new byte[] {7}), Bytes.wrap(new byte[] {8, 9})),
                new EncodedRecord(Bytes.wrap(new byte[] {6}), null)));

    assertThat(encoded.toByteArray())
        .startsWith(1, 0, 0, 0, 2)
        .containsSequence(0, 0, 0, 1, 7, 0, 0, 0, 2, 8, 9)
        .containsSequence(0, 0, 0, 1, 6, -1, -1, -1, -1)
        .hasSize(29);
  }

  @Test
  void theLatestValueOfAKeyStandsWhereItWasWritten() {
    CompactedRecords compacted = new CompactedRecords();
    Bytes a = Bytes.wrap(new byte[] {1});
    Bytes b = Bytes.wrap(new byte[] {2});
    Bytes c = Bytes.wrap(new byte[] {3});
    compacted.apply(new EncodedRecord(a, Bytes.wrap(new byte[] {1})));
    compacted.apply(new EncodedRecord(b, Bytes.wrap(new byte[] {1})));
    compacted.apply(new EncodedRecord(c, Bytes.wrap(new byte[] {1})));
    compacted.apply(new EncodedRecord(a, Bytes.wrap(new byte[] {2})));
    compacted.apply(new EncodedRecord(c, null));

    assertThat(compacted.snapshot())
        .containsExactly(
            new EncodedRecord(b, Bytes.wrap(new byte[] {1})),
            new EncodedRecord(a, Bytes.wrap(new byte[] {2})));
  }

  /** Keys without a value of the same index are tombstones. */
  private static List<EncodedRecord> records(List<byte[]> keys, List<byte[]> values) {
    List<EncodedRecord> records = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      @Nullable Bytes value = i < values.size() ? Bytes.wrap(values.get(i)) : null;
      records.add(new EncodedRecord(Bytes.wrap(keys.get(i)), value));
    }
    return records;
  }
}
