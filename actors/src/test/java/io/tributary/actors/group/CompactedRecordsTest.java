package io.tributary.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.GroupRecord;
import org.junit.jupiter.api.Test;

class CompactedRecordsTest {
  private static final Bytes A = Bytes.wrap(new byte[] {1});
  private static final Bytes B = Bytes.wrap(new byte[] {2});
  private static final Bytes C = Bytes.wrap(new byte[] {3});
  private static final Bytes OLD = Bytes.wrap(new byte[] {4});
  private static final Bytes NEW = Bytes.wrap(new byte[] {5});

  @Test
  void theLatestValueOfAKeyStandsWhereItWasWritten() {
    CompactedRecords compacted = new CompactedRecords();
    compacted.apply(new GroupRecord(A, OLD));
    compacted.apply(new GroupRecord(B, OLD));
    compacted.apply(new GroupRecord(C, OLD));
    compacted.apply(new GroupRecord(A, NEW));
    compacted.apply(new GroupRecord(C, null));

    assertThat(compacted.snapshot())
        .containsExactly(new GroupRecord(B, OLD), new GroupRecord(A, NEW));
  }
}
