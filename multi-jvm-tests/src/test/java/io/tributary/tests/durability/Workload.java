package io.tributary.tests.durability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * Idempotent producers that number their records, and the check of what is in the log afterwards:
 * no producer saw trouble that a retry did not cure, nothing acknowledged is lost, nothing is there
 * twice, each producer's order is kept, offsets are dense.
 */
final class Workload implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 2_000;
  private static final Duration SERVICE_MAX = Duration.ofSeconds(60);
  private static final int SHOWN_MAX = 10;

  private final String bootstrap;
  private final String topic;
  private final int partitions;
  private final Map<Long, TopicPartition> acknowledged = new ConcurrentHashMap<>();
  private final Map<Long, Long> offsets = new ConcurrentHashMap<>();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<Thread> producers = new ArrayList<>();

  Workload(String bootstrap, String topic, int partitions) {
    this.bootstrap = bootstrap;
    this.topic = topic;
    this.partitions = partitions;
  }

  /** Creates the topic and starts producers that send until {@link #finish}. */
  void start(int producerCount) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    }
    for (int number = 0; number < producerCount; number++) {
      long first = (long) number << 40;
      producers.add(Thread.ofPlatform().name("producer-" + number).start(() -> produce(first)));
    }
  }

  /** Waits until this many more records are acknowledged: the broker serves. */
  void awaitAcknowledged(int count) {
    int before = acknowledged.size();
    Awaitility.await(count + " more records are acknowledged")
        .atMost(SERVICE_MAX)
        .until(acknowledged::size, size -> size >= before + count);
  }

  /** Waits until nothing was acknowledged for so long: the broker cannot store anything. */
  void awaitStandstill(Duration standing) {
    AtomicInteger last = new AtomicInteger(-1);
    Awaitility.await("nothing more is acknowledged")
        .atMost(SERVICE_MAX)
        .during(standing)
        .until(() -> last.getAndSet(acknowledged.size()) == acknowledged.size());
  }

  private void produce(long first) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("linger.ms", 2);
    settings.put("delivery.timeout.ms", 120_000);
    settings.put("request.timeout.ms", 10_000);
    settings.put("reconnect.backoff.max.ms", 200);
    AtomicLong inFlight = new AtomicLong();
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long number = first; !stopping.get(); number++) {
        if (inFlight.get() > IN_FLIGHT_MAX) {
          producer.flush();
        }
        long value = number;
        inFlight.incrementAndGet();
        producer.send(
            new ProducerRecord<>(topic, (int) (value % partitions), null, bytes(value)),
            (metadata, failure) -> {
              inFlight.decrementAndGet();
              if (failure != null) {
                failures.add(failure);
              } else {
                acknowledged.put(value, new TopicPartition(topic, metadata.partition()));
                offsets.put(value, metadata.offset());
              }
            });
      }
    }
  }

  /** Ends the producers; every record they sent is then acknowledged or failed. */
  void finish() throws InterruptedException {
    stopping.set(true);
    for (Thread producer : producers) {
      assertThat(producer.join(Duration.ofMinutes(3))).as("producers end").isTrue();
    }
  }

  /** Reads everything back. */
  void check() {
    assertThat(failures.stream().limit(SHOWN_MAX)).as("records that producers gave up").isEmpty();
    assertThat(acknowledged.size()).as("records acknowledged").isGreaterThan(100);
    Map<Long, ConsumerRecord<byte[], byte[]>> seen = new HashMap<>();
    Map<TopicPartition, Long> next =
        new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
    Map<String, Long> lastOfProducer = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : readAll()) {
      long value = ByteBuffer.wrap(record.value()).getLong();
      TopicPartition partition = new TopicPartition(topic, record.partition());
      assertThat(record.offset())
          .as("offsets of %s are dense", partition)
          .isEqualTo(next.getOrDefault(partition, 0L));
      next.put(partition, record.offset() + 1);
      assertThat(seen.put(value, record)).as("record %d stands once", value).isNull();
      Long before = lastOfProducer.put(partition.partition() + "/" + (value >>> 40), value);
      assertThat(before == null || before < value)
          .as("record %d stands after %d", value, before)
          .isTrue();
    }
    acknowledged.forEach(
        (value, partition) -> {
          ConsumerRecord<byte[], byte[]> record = seen.get(value);
          assertThat(record).as("acknowledged record %d of %s", value, partition).isNotNull();
          assertThat(record.offset())
              .as("offset of record %d", value)
              .isEqualTo(offsets.get(value));
        });
  }

  private List<ConsumerRecord<byte[], byte[]>> readAll() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      long deadlineNanos = System.nanoTime() + SERVICE_MAX.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        assertThat(System.nanoTime()).as("reading all of " + ends).isLessThan(deadlineNanos);
        consumer.poll(Duration.ofMillis(500)).forEach(records::add);
      }
    }
    return records;
  }

  private static byte[] bytes(long value) {
    byte[] bytes = new byte[256];
    ByteBuffer.wrap(bytes).putLong(value);
    return bytes;
  }

  @Override
  public void close() {
    stopping.set(true);
  }
}
