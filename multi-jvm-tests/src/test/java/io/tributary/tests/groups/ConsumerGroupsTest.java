package io.tributary.tests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.tests.process.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsumerGroupsTest {
  private static final int PARTITIONS = 6;
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private final List<Member> members = new ArrayList<>();
  private BrokerProcess broker;
  private Admin admin;
  private KafkaProducer<String, String> producer;
  private String topic = "";
  private int sent;

  @BeforeAll
  void startBroker(@TempDir Path folder) {
    broker = BrokerProcess.start(folder);
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
    admin = Admin.create(settings);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  @AfterAll
  void stopBroker() {
    producer.close();
    admin.close();
    broker.close();
  }

  @BeforeEach
  void createTopic(TestInfo test) throws Exception {
    String name = test.getTestMethod().orElseThrow().getName() + "-" + test.getDisplayName();
    topic = name.replaceAll("[^A-Za-z0-9]+", "-");
    sent = 0;
    admin
        .createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
        .all()
        .get();
  }

  @AfterEach
  void closeMembers() {
    members.forEach(Member::close);
    members.clear();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void everyRecordIsReadWhileMembersComeAndGo(Protocol protocol) throws Exception {
    Member first = join(protocol);
    Set<String> expected = send(300);
    awaitRead(expected);
    Member second = join(protocol);
    Member third = join(protocol);
    awaitShared(first, second, third);
    expected.addAll(send(300));
    awaitRead(expected);

    second.close();
    awaitShared(first, third);
    expected.addAll(send(300));
    awaitRead(expected);

    assertThat(committed()).isEqualTo(ends());
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"CLASSIC_RANGE", "CLASSIC_COOPERATIVE", "CONSUMER_UNIFORM"})
  void aGroupGoesOnWhenTheBrokerIsKilledAndStartedAgain(Protocol protocol) throws Exception {
    Member first = join(protocol);
    Member second = join(protocol);
    awaitShared(first, second);
    Set<String> expected = send(300);
    awaitRead(expected);
    Map<TopicPartition, Long> before = committed();
    assertThat(before).isEqualTo(ends());

    broker.kill();
    broker.start();

    assertThat(committed()).isEqualTo(before);
    expected.addAll(send(300));
    awaitRead(expected);
    awaitShared(first, second);
    Awaitility.await("the last commits").atMost(WAIT_MAX).until(() -> committed().equals(ends()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"CLASSIC_RANGE", "CONSUMER_UNIFORM"})
  void aStaticMemberComesBackToItsPartitions(Protocol protocol) {
    Member one = join(protocol, Map.of("group.instance.id", "one"));
    Member other = join(protocol, Map.of("group.instance.id", "other"));
    awaitShared(one, other);
    Set<TopicPartition> before = one.assignment();

    one.closeWithoutLeaving();
    Member again = join(protocol, Map.of("group.instance.id", "one"));

    Awaitility.await("the member has its partitions")
        .atMost(WAIT_MAX)
        .until(() -> again.assignment().equals(before));
  }

  @Test
  void membersMoveFromTheClassicToTheConsumerProtocol() throws Exception {
    Member classic = join(Protocol.CLASSIC_COOPERATIVE);
    Set<String> expected = send(100);
    awaitRead(expected);

    Member modern = join(Protocol.CONSUMER_UNIFORM);
    awaitShared(classic, modern);
    classic.close();
    awaitShared(modern);

    expected.addAll(send(100));
    awaitRead(expected);
    assertThat(describe().type()).isEqualTo(GroupType.CONSUMER);
  }

  @Test
  void aPatternMatchedByTheBrokerFindsTopicsCreatedLater() throws Exception {
    Map<String, String> settings = new HashMap<>(Protocol.CONSUMER_UNIFORM.settings);
    settings.put("group.id", topic);
    Member member =
        new Member(
            broker.bootstrap(),
            settings,
            consumer -> consumer.subscribe(new SubscriptionPattern(Pattern.quote(topic) + "\\d*")));
    members.add(member);
    awaitShared(member);
    admin
        .createTopics(List.of(new NewTopic(topic + "2", Optional.of(1), Optional.empty())))
        .all()
        .get();

    Awaitility.await("the new topic is read")
        .atMost(WAIT_MAX)
        .until(() -> member.assignment().size() == PARTITIONS + 1);
  }

  @Test
  void anAdminSeesAndChangesGroups() throws Exception {
    Member member = join(Protocol.CLASSIC_RANGE);
    awaitRead(send(60));

    ConsumerGroupDescription stable = describe();
    assertThat(stable.groupState()).isEqualTo(GroupState.STABLE);
    assertThat(stable.members()).hasSize(1);
    assertThat(stable.members().iterator().next().assignment().topicPartitions())
        .hasSize(PARTITIONS);
    assertThat(listed(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE))))
        .contains(topic);
    assertThat(listed(new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))))
        .doesNotContain(topic);
    assertThatThrownBy(() -> admin.deleteConsumerGroups(List.of(topic)).all().get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(GroupNotEmptyException.class);

    member.close();
    TopicPartition first = new TopicPartition(topic, 0);
    admin.alterConsumerGroupOffsets(topic, Map.of(first, new OffsetAndMetadata(3))).all().get();
    assertThat(committed()).containsEntry(first, 3L);
    admin.deleteConsumerGroupOffsets(topic, Set.of(first)).all().get();
    assertThat(committed()).doesNotContainKey(first);
    admin.deleteConsumerGroups(List.of(topic)).all().get();
    assertThat(listed(new ListGroupsOptions())).doesNotContain(topic);
  }

  @Test
  void aTopicCreatedAgainHasNoOffsetsOfTheOldOne() throws Exception {
    Member member = join(Protocol.CLASSIC_RANGE);
    awaitRead(send(60));
    member.close();
    assertThat(committed()).isNotEmpty();

    admin.deleteTopics(List.of(topic)).all().get();
    admin
        .createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
        .all()
        .get();

    assertThat(committed()).isEmpty();
  }

  private Member join(Protocol protocol) {
    return join(protocol, Map.of());
  }

  private Member join(Protocol protocol, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(protocol.settings);
    settings.putAll(more);
    settings.put("group.id", topic);
    String subscribed = topic;
    Member member =
        new Member(
            broker.bootstrap(), settings, consumer -> consumer.subscribe(List.of(subscribed)));
    members.add(member);
    return member;
  }

  private Set<String> send(int count) throws Exception {
    Map<String, Future<RecordMetadata>> sending = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String value = topic + "-" + sent++;
      sending.put(value, producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, value)));
    }
    for (Future<RecordMetadata> one : sending.values()) {
      one.get();
    }
    return new TreeSet<>(sending.keySet());
  }

  private void awaitRead(Set<String> expected) {
    Awaitility.await("all records are read")
        .atMost(WAIT_MAX)
        .until(
            () -> {
              Set<String> missing = new TreeSet<>(expected);
              members.forEach(member -> missing.removeAll(member.values()));
              return missing;
            },
            Set::isEmpty);
  }

  private void awaitShared(Member... sharing) {
    Awaitility.await("the partitions are shared")
        .atMost(WAIT_MAX)
        .until(
            () -> {
              List<TopicPartition> all =
                  Arrays.stream(sharing).flatMap(one -> one.assignment().stream()).toList();
              return all.size() == PARTITIONS
                  && Set.copyOf(all).size() == PARTITIONS
                  && Arrays.stream(sharing).noneMatch(one -> one.assignment().isEmpty());
            });
  }

  private Map<TopicPartition, Long> committed() throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(topic)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }

  private Map<TopicPartition, Long> ends() throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, found) -> ends.put(partition, found.offset()));
    return ends;
  }

  private ConsumerGroupDescription describe() throws Exception {
    return admin.describeConsumerGroups(List.of(topic)).all().get().values().iterator().next();
  }

  private List<String> listed(ListGroupsOptions options) throws Exception {
    return admin.listGroups(options).all().get().stream().map(GroupListing::groupId).toList();
  }
}
