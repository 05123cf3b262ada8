package io.tributary.tests.groups;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A consumer with a thread of its own that polls and commits after every poll. */
final class Member implements AutoCloseable {
  private final Queue<String> values = new ConcurrentLinkedQueue<>();
  private final KafkaConsumer<String, String> consumer;
  private final Thread thread;
  private volatile Set<TopicPartition> assignment = Set.of();
  private volatile boolean stopping;
  private volatile GroupMembershipOperation leaving = GroupMembershipOperation.DEFAULT;
  private volatile @Nullable RuntimeException failure;

  Member(
      String bootstrap,
      Map<String, String> settings,
      Consumer<KafkaConsumer<String, String>> subscribe) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrap);
    all.put("auto.offset.reset", "earliest");
    all.put("enable.auto.commit", "false");
    all.put("metadata.max.age.ms", "1000");
    all.putIfAbsent("group.id", "group");
    consumer = new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
    subscribe.accept(consumer);
    thread = Thread.ofPlatform().name("member").start(this::run);
  }

  private void run() {
    try {
      List<String> uncommitted = new ArrayList<>();
      while (!stopping || !uncommitted.isEmpty()) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          uncommitted.add(record.value());
        }
        assignment = Set.copyOf(consumer.assignment());
        if (!uncommitted.isEmpty() && isCommitted()) {
          values.addAll(uncommitted);
          uncommitted.clear();
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      consumer.close(
          CloseOptions.timeout(Duration.ofSeconds(10)).withGroupMembershipOperation(leaving));
    }
  }

  /** False while the group is being shared anew: to be tried again after the next poll. */
  private boolean isCommitted() {
    try {
      consumer.commitSync(Duration.ofSeconds(30));
      return true;
    } catch (CommitFailedException | RebalanceInProgressException e) {
      return false;
    }
  }

  /** Values of the records this member has read and committed. */
  List<String> values() {
    throwIfFailed();
    return List.copyOf(values);
  }

  Set<TopicPartition> assignment() {
    throwIfFailed();
    return assignment;
  }

  private void throwIfFailed() {
    if (failure != null) {
      throw new IllegalStateException("the member has failed", failure);
    }
  }

  /** Ends without a word to the group, as a member does that comes back soon. */
  void closeWithoutLeaving() {
    leaving = GroupMembershipOperation.REMAIN_IN_GROUP;
    close();
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throwIfFailed();
  }
}
