package io.tributary.node.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.metadata.MemoryMetadataStore;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicAdministrationTest {
  private final AdministeredCluster cluster =
      new AdministeredCluster(
          new MemoryMetadataStore(Runnable::run), Map.of("num.partitions", "4"));
  private final CreateTopicsHandler creation =
      new CreateTopicsHandler(
          cluster.images, cluster.topics, cluster.configs, cluster.descriptions);
  private final DeleteTopicsHandler deletion =
      new DeleteTopicsHandler(cluster.images, cluster.topics);
  private final CreatePartitionsHandler growth =
      new CreatePartitionsHandler(cluster.images, cluster.topics);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void everyVersionCreatesGrowsAndDeletes() {
    for (short version : ApiKeys.CREATE_TOPICS.allVersions()) {
      CreatableTopic topic = topic("made-" + version, 2, 1);
      assertThat(create(version, false, topic).errorCode()).isEqualTo(Errors.NONE.code());
    }
    for (short version : ApiKeys.CREATE_PARTITIONS.allVersions()) {
      CreatePartitionsTopic grown =
          new CreatePartitionsTopic().setName("made-7").setCount(3 + version).setAssignments(null);
      assertThat(grow(version, grown).errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(cluster.topic("made-7").partitions()).isEqualTo(3 + version);
    }
    for (short version : ApiKeys.DELETE_TOPICS.allVersions()) {
      create((short) 7, false, topic("gone", 1, 1));
      assertThat(delete(version, "gone").errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(delete(version, "gone").errorCode())
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
  }

  @Test
  void theAnswerTellsIdDefaultsAndConfigs() {
    CreatableTopic wanted = topic("orders", -1, -1);
    wanted.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("12345"));

    CreatableTopicResult result = create((short) 7, false, wanted);

    assertThat(result.topicId()).isEqualTo(TopicIds.toKafka(cluster.topic("orders").id()));
    assertThat(result.numPartitions()).isEqualTo(4);
    assertThat(result.replicationFactor()).isEqualTo((short) 1);
    assertThat(result.configs())
        .filteredOn(config -> config.name().equals("retention.ms"))
        .extracting(CreatableTopicConfigs::value)
        .containsExactly("12345");
    assertThat(result.configs())
        .extracting(CreatableTopicConfigs::name)
        .contains("cleanup.policy", "segment.bytes")
        .doesNotContain("internal.segment.bytes");
  }

  @Test
  void validateOnlyCreatesNothing() {
    assertThat(create((short) 7, true, topic("orders", 1, 1)).errorCode())
        .isEqualTo(Errors.NONE.code());
    assertThat(cluster.images.get().topicsByName()).isEmpty();

    create((short) 7, false, topic("orders", 1, 1));
    assertRefused(
        create((short) 7, true, topic("orders", 1, 1)),
        Errors.TOPIC_ALREADY_EXISTS,
        "Topic 'orders' already exists.");
  }

  @Test
  void replicationFactorsUpToThreeAreAcceptedOnOneNode() {
    for (int factor : List.of(-1, 1, 2, 3)) {
      assertThat(create((short) 7, true, topic("orders", 1, factor)).errorCode())
          .isEqualTo(Errors.NONE.code());
    }
    assertRefused(
        create((short) 7, true, topic("orders", 1, 4)),
        Errors.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be"
            + " reached because only 1 broker(s) are registered.");
    assertRefused(
        create((short) 7, true, topic("orders", 1, 0)),
        Errors.INVALID_REPLICATION_FACTOR,
        "Replication factor must be larger than 0, or -1 to use the default value.");
  }

  @Test
  void whatKafkaRefusesIsRefusedInItsWords() {
    create((short) 7, false, topic("orders.eu", 1, 1));

    assertRefused(
        create((short) 7, false, topic("orders.eu", 1, 1)),
        Errors.TOPIC_ALREADY_EXISTS,
        "Topic 'orders.eu' already exists.");
    assertRefused(
        create((short) 7, false, topic("orders_eu", 1, 1)),
        Errors.INVALID_TOPIC_EXCEPTION,
        "Topic 'orders_eu' collides with existing topic: orders.eu");
    assertRefused(
        create((short) 7, false, topic("none", 0, 1)),
        Errors.INVALID_PARTITIONS,
        "Number of partitions was set to an invalid non-positive value.");
    for (String name : List.of("", ".", "a b", "x".repeat(250))) {
      assertThat(create((short) 7, false, topic(name, 1, 1)).errorCode())
          .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }
    for (String name : List.of("__consumer_offsets", "__transaction_state")) {
      assertThat(create((short) 7, false, topic(name, 1, 1)).errorCode())
          .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }
  }

  @Test
  void wrongConfigsAreRefused() {
    for (Map.Entry<String, String> wrong :
        Map.of("no.such", "1", "retention.ms", "abc", "cleanup.policy", "burn").entrySet()) {
      CreatableTopic topic = topic("orders", 1, 1);
      topic
          .configs()
          .add(new CreatableTopicConfig().setName(wrong.getKey()).setValue(wrong.getValue()));
      assertThat(create((short) 7, false, topic).errorCode())
          .isEqualTo(Errors.INVALID_CONFIG.code());
    }
    CreatableTopic withoutValue = topic("orders", 1, 1);
    withoutValue.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));
    assertRefused(
        create((short) 7, false, withoutValue),
        Errors.INVALID_CONFIG,
        "Null value not supported for topic configs: retention.ms");
  }

  @Test
  void consistentAssignmentsAreAcceptedAndOthersRefused() {
    assertThat(create((short) 7, false, assigned("two", List.of(1), List.of(1))).numPartitions())
        .isEqualTo(2);
    assertRefused(
        create((short) 7, false, assigned("orders", List.of(1), List.of(7))),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "The manual partition assignment includes broker 7, but no such broker is registered.");
    assertRefused(
        create((short) 7, false, assigned("orders", List.of(1, 1))),
        Errors.INVALID_REPLICA_ASSIGNMENT,
        "The manual partition assignment includes the broker 1 more than once.");
    assertRefused(
        create((short) 7, false, assigned("orders", List.of(1)).setNumPartitions(1)),
        Errors.INVALID_REQUEST,
        "A manual partition assignment was specified, but numPartitions was not set to -1.");
  }

  @Test
  void tooManyPartitionsRefuseTheWholeRequest() {
    assertThatThrownBy(() -> create((short) 7, false, topic("orders", 10_001, 1)))
        .isInstanceOf(PolicyViolationException.class);
  }

  @Test
  void aNameTwiceInOneRequestIsRefusedAndTheOthersAreCreated() {
    CreateTopicsRequestData data = new CreateTopicsRequestData().setTimeoutMs(5_000);
    data.topics().add(topic("twice", 1, 1));
    data.topics().add(topic("once", 1, 1));
    data.topics().add(topic("twice", 2, 1));

    var answers = cluster.ask(creation, new CreateTopicsRequest(data, (short) 7)).data().topics();

    assertThat(answers).hasSize(2);
    assertThat(answers.find("twice").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(answers.find("once").errorCode()).isEqualTo(Errors.NONE.code());
  }

  @Test
  void topicsAreDeletedById() {
    create((short) 7, false, topic("orders", 1, 1));
    Uuid id = TopicIds.toKafka(cluster.topic("orders").id());

    DeletableTopicResult result = delete(new DeleteTopicState().setName(null).setTopicId(id));

    assertThat(result.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(result.name()).isEqualTo("orders");
    assertThat(cluster.images.get().topicsByName()).isEmpty();
    assertThat(delete(new DeleteTopicState().setName(null).setTopicId(id)).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
  }

  @Test
  void malformedDeletionsAreRefused() {
    assertThat(delete(new DeleteTopicState().setName(null)).errorMessage())
        .isEqualTo("Neither topic name nor id were specified.");
    assertThat(
            delete(new DeleteTopicState().setName("orders").setTopicId(Uuid.randomUuid()))
                .errorMessage())
        .isEqualTo("You may not specify both topic name and topic id.");
  }

  @Test
  void aDeletedNameCanBeCreatedAgainAtOnceWithAnotherId() {
    create((short) 7, false, topic("orders", 1, 1));
    Uuid first = TopicIds.toKafka(cluster.topic("orders").id());
    delete((short) 6, "orders");

    CreatableTopicResult again = create((short) 7, false, topic("orders", 1, 1));

    assertThat(again.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(again.topicId()).isNotEqualTo(first);
  }

  @Test
  void growthIsCheckedInKafkasWords() {
    create((short) 7, false, topic("orders", 2, 1));

    assertThat(growTo("orders", 2).errorMessage()).isEqualTo("Topic already has 2 partition(s).");
    assertThat(growTo("orders", 1).errorMessage())
        .isEqualTo("The topic orders currently has 2 partition(s); 1 would not be an increase.");
    assertThat(growTo("absent", 9).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    CreatePartitionsTopic assigned =
        new CreatePartitionsTopic()
            .setName("orders")
            .setCount(4)
            .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(1))));
    assertThat(grow((short) 3, assigned).errorMessage())
        .isEqualTo(
            "Attempted to add 2 additional partition(s), but only 1 assignment(s) were"
                + " specified.");
  }

  private CreatePartitionsTopicResult growTo(String name, int count) {
    return grow(
        (short) 3, new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
  }

  private CreatePartitionsTopicResult grow(short version, CreatePartitionsTopic topic) {
    CreatePartitionsRequestData data = new CreatePartitionsRequestData().setTimeoutMs(5_000);
    data.topics().add(topic);
    return cluster
        .ask(growth, new CreatePartitionsRequest.Builder(data).build(version))
        .data()
        .results()
        .getFirst();
  }

  private CreatableTopicResult create(short version, boolean validateOnly, CreatableTopic topic) {
    CreateTopicsRequestData data =
        new CreateTopicsRequestData().setTimeoutMs(5_000).setValidateOnly(validateOnly);
    data.topics().add(topic);
    return cluster
        .ask(creation, new CreateTopicsRequest(data, version))
        .data()
        .topics()
        .iterator()
        .next();
  }

  private DeletableTopicResult delete(short version, String name) {
    DeleteTopicsRequestData data = new DeleteTopicsRequestData().setTimeoutMs(5_000);
    if (version < 6) {
      data.topicNames().add(name);
    } else {
      data.topics().add(new DeleteTopicState().setName(name));
    }
    return delete(version, data);
  }

  private DeletableTopicResult delete(DeleteTopicState topic) {
    DeleteTopicsRequestData data = new DeleteTopicsRequestData().setTimeoutMs(5_000);
    data.topics().add(topic);
    return delete((short) 6, data);
  }

  private DeletableTopicResult delete(short version, DeleteTopicsRequestData data) {
    return cluster
        .ask(deletion, new DeleteTopicsRequest.Builder(data).build(version))
        .data()
        .responses()
        .iterator()
        .next();
  }

  private static CreatableTopic topic(String name, int partitions, int replicationFactor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicationFactor);
  }

  @SafeVarargs
  private static CreatableTopic assigned(String name, List<Integer>... brokers) {
    CreatableTopic topic = topic(name, -1, -1);
    for (int i = 0; i < brokers.length; i++) {
      topic
          .assignments()
          .add(new CreatableReplicaAssignment().setPartitionIndex(i).setBrokerIds(brokers[i]));
    }
    return topic;
  }

  private static void assertRefused(CreatableTopicResult result, Errors error, String message) {
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    assertThat(result.errorMessage()).isEqualTo(message);
  }
}
