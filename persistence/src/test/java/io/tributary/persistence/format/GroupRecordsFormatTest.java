package io.tributary.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupRecordsFormatTest {
  @Property
  void whatIsEncodedIsDecoded(@ForAll List<byte[]> keys, @ForAll List<byte[]> values) {
    List<GroupRecord> records = records(keys, values);

    assertThat(GroupRecordsFormat.decode("it", GroupRecordsFormat.encode(records)))
        .isEqualTo(records);
  }

  @Test
  void damageIsFound() {
    Bytes encoded =
        GroupRecordsFormat.encode(
            List.of(
                new GroupRecord(Bytes.wrap(new byte[] {7}), Bytes.wrap(new byte[] {8, 9})),
                new GroupRecord(Bytes.wrap(new byte[] {6}), null)));

    Damage.isFound(encoded, 0, damaged -> GroupRecordsFormat.decode("the file", damaged));
  }

  @Test
  void theBytesOfVersionOneStayAsTheyAre() {
    Bytes encoded =
        GroupRecordsFormat.encode(
            List.of(
                new GroupRecord(Bytes.wrap(new byte[] {7}), Bytes.wrap(new byte[] {8, 9})),
                new GroupRecord(Bytes.wrap(new byte[] {6}), null)));

    assertThat(encoded.slice(0, encoded.length() - 4).toByteArray())
        .containsExactly('T', 'R', 'G', 'R', 1, 2, 1, 7, 3, 8, 9, 1, 6, 0);
  }

  @Property
  void aListIsNeverLargerThanItsBound(@ForAll List<byte[]> keys, @ForAll List<byte[]> values) {
    List<GroupRecord> records = records(keys, values);

    int bound = GroupRecordsFormat.OVERHEAD_BYTES_MAX;
    for (GroupRecord record : records) {
      bound += GroupRecordsFormat.bytesMax(record);
    }
    assertThat(GroupRecordsFormat.encode(records).length()).isLessThanOrEqualTo(bound);
  }

  /** Keys without a value of the same index are tombstones. */
  private static List<GroupRecord> records(List<byte[]> keys, List<byte[]> values) {
    List<GroupRecord> records = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      @Nullable Bytes value = i < values.size() ? Bytes.wrap(values.get(i)) : null;
      records.add(new GroupRecord(Bytes.wrap(keys.get(i)), value));
    }
    return records;
  }
}
