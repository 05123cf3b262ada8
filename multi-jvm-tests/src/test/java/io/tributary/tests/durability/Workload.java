package io.tributary.tests.durability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Idempotent producers that number their records, and the check of what is in the log afterwards:
 * nothing acknowledged is lost, nothing is there twice, each producer's order is kept, offsets are
 * dense.
 */
final class Workload implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 2_000;

  private final String bootstrap;
  private final String topic;
  private final int partitions;
  private final Map<Long, TopicPartition> acknowledged = new ConcurrentHashMap<>();
  private final Map<Long, Long> offsets = new ConcurrentHashMap<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<Thread> producers = new ArrayList<>();

  Workload(String bootstrap, String topic, int partitions) {
    this.bootstrap = bootstrap;
    this.topic = topic;
    this.partitions = partitions;
  }

  /** Producers that send until {@link #finish}. */
  void start(int producerCount) {
    for (int number = 0; number < producerCount; number++) {
      long first = (long) number << 40;
      producers.add(Thread.ofPlatform().name("producer-" + number).start(() -> produce(first)));
    }
  }

  long acknowledgedCount() {
    return acknowledged.size();
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
                failed.incrementAndGet();
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
    assertThat(acknowledged).as("records acknowledged").hasSizeGreaterThan(100);
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
    assertThat(failed).as("records given up by producers").hasValue(0);
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
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
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
