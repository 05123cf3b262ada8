package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.actors.cluster.ClusterRecords.TopicRecord;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterRecordsTest {
  private static final TopicRecord TOPIC =
      new TopicRecord(new UUID(1, 2), 300, Map.of("b", "2", "a", "1"), false);

  @Test
  void aTopicReadsBackAsItWasWritten() {
    assertThat(ClusterRecords.topic(entry("topic/orders", ClusterRecords.encode(TOPIC))))
        .isEqualTo(TOPIC);
  }

  @Test
  void theBytesOfATopicNeverChange() {
    assertThat(HexFormat.of().formatHex(ClusterRecords.encode(TOPIC).toByteArray()))
        .isEqualTo(
            "01"
                + "00"
                + "0100000000000000"
                + "0200000000000000"
                + "ac02"
                + "02"
                + "0161"
                + "0131"
                + "0162"
                + "0132");
  }

  @Test
  void aTombstoneReadsBackAsItWasWritten() {
    DeletedTopic topic = new DeletedTopic("orders", new UUID(3, 4), 7);

    assertThat(ClusterRecords.tombstone(entry("tombstone/x", ClusterRecords.encode(topic))))
        .isEqualTo(topic);
  }

  @Test
  void everyCutIsNoticedAndNamesTheKey() {
    Bytes whole = ClusterRecords.encode(TOPIC);
    for (int length = 0; length < whole.length(); length++) {
      Entry cut = entry("topic/orders", whole.slice(0, length));
      assertThatThrownBy(() -> ClusterRecords.topic(cut)).hasMessageContaining("'topic/orders'");
    }
  }

  @Test
  void anUnknownVersionAndBytesAfterTheEndAreNoticed() {
    byte[] bytes = ClusterRecords.encode(TOPIC).toByteArray();
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    bytes[0] = 9;
    for (byte[] damaged : List.of(bytes, longer)) {
      assertThatThrownBy(() -> ClusterRecords.topic(entry("topic/orders", Bytes.wrap(damaged))))
          .hasMessageContaining("'topic/orders'");
    }
  }

  @Test
  void everyOwnerOfConfigsHasItsOwnKey() {
    for (ConfigOwner owner :
        List.of(
            new ConfigOwner.EveryBroker(),
            new ConfigOwner.Broker(7),
            new ConfigOwner.Group("a/b"))) {
      assertThat(ClusterRecords.configOwner(ClusterRecords.configKey(owner))).isEqualTo(owner);
    }
  }

  private static Entry entry(String key, Bytes value) {
    return new Entry(key, value, 1);
  }
}
