package io.tributary.node.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsHandlerTest {
  private final AdministeredCluster cluster =
      new AdministeredCluster(new MemoryMetadataStore(Runnable::run), Map.of());
  private final DescribeTopicPartitionsHandler handler =
      new DescribeTopicPartitionsHandler(cluster.images, cluster.topics);

  @BeforeEach
  void create() {
    for (String name : List.of("a", "b", "c")) {
      cluster
          .topics
          .create(new NewTopic(name, 5, Map.of()), Duration.ofSeconds(10))
          .toCompletableFuture()
          .join();
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void thePagesOfEveryLimitAddUpToAllPartitionsOnce() {
    for (int limit = 1; limit <= 16; limit++) {
      assertThat(pages(limit))
          .containsExactly(
              "a-0", "a-1", "a-2", "a-3", "a-4", "b-0", "b-1", "b-2", "b-3", "b-4", "c-0", "c-1",
              "c-2", "c-3", "c-4");
    }
  }

  private List<String> pages(int limit) {
    List<String> seen = new ArrayList<>();
    DescribeTopicPartitionsRequestData data =
        new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(limit);
    while (true) {
      DescribeTopicPartitionsResponseData page = ask(data);
      page.topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(
                          partition -> seen.add(topic.name() + "-" + partition.partitionIndex())));
      if (page.nextCursor() == null) {
        return seen;
      }
      data.setCursor(
          new Cursor()
              .setTopicName(page.nextCursor().topicName())
              .setPartitionIndex(page.nextCursor().partitionIndex()));
    }
  }

  @Test
  void absentTopicsAreNamed() {
    DescribeTopicPartitionsRequestData data = new DescribeTopicPartitionsRequestData();
    data.topics().add(new TopicRequest().setName("absent"));
    data.topics().add(new TopicRequest().setName("b"));

    DescribeTopicPartitionsResponseData answer = ask(data);

    assertThat(answer.topics().find("absent").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(answer.topics().find("b").partitions()).hasSize(5);
    assertThat(answer.topics().find("b").topicId())
        .isEqualTo(TopicIds.toKafka(cluster.topic("b").id()));
  }

  @Test
  void aCursorOutsideTheTopicsIsRefused() {
    DescribeTopicPartitionsRequestData data = new DescribeTopicPartitionsRequestData();
    data.topics().add(new TopicRequest().setName("b"));
    data.setCursor(new Cursor().setTopicName("a").setPartitionIndex(0));

    assertThatThrownBy(() -> ask(data)).isInstanceOf(InvalidRequestException.class);
  }

  private DescribeTopicPartitionsResponseData ask(DescribeTopicPartitionsRequestData data) {
    return cluster
        .ask(handler, new DescribeTopicPartitionsRequest(data.duplicate(), (short) 0))
        .data();
  }
}
