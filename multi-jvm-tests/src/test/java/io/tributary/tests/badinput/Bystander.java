package io.tributary.tests.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client that writes a record, reads it, and so on, all the while. */
final class Bystander implements AutoCloseable {
  static final String TOPIC = "shared";
  private static final Duration WORKS_MAX = Duration.ofSeconds(10);

  private final String bootstrap;
  private final AtomicLong rounds = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable Exception failure;

  /** Creates the topic with two partitions; this client uses the first. */
  Bystander(String bootstrap) throws Exception {
    this.bootstrap = bootstrap;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(2), Optional.empty())))
          .all()
          .get();
    }
    thread = Thread.ofPlatform().name("bystander").start(this::run);
  }

  private void run() {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    try (var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        var consumer =
            new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!stopping) {
        long offset = producer.send(new ProducerRecord<>(TOPIC, 0, null, "value")).get().offset();
        while (!stopping && consumer.position(partition) <= offset) {
          consumer.poll(Duration.ofMillis(100));
        }
        rounds.incrementAndGet();
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  /** Waits until a record written from now on was read. */
  void awaitWorks() {
    long before = rounds.get();
    Awaitility.await("another client's record was written and read")
        .atMost(WORKS_MAX)
        .failFast(() -> assertThat(failure).isNull())
        .until(() -> rounds.get() >= before + 2);
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
