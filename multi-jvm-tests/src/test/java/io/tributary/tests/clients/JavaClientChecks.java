package io.tributary.tests.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a broker with whatever version of Kafka's Java client is on the class path, so only with
 * calls that the oldest has too. Prints a line a check, like the scripts of {@code
 * src/test/clients}.
 */
public final class JavaClientChecks {
  private static final Duration POLL_MAX = Duration.ofMillis(100);
  private static final int WAIT_SECONDS = 40;
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  /** One check; whatever it throws is why it failed. */
  private interface Check {
    void run() throws Exception;
  }

  private final String bootstrap;
  private final String prefix;

  private JavaClientChecks(String bootstrap, String prefix) {
    this.bootstrap = bootstrap;
    this.prefix = prefix;
  }

  /** Arguments: bootstrap address, and the prefix of the topics to use. */
  public static void main(String[] arguments) {
    run(arguments[0], arguments[1]).forEach(System.out::println);
    System.exit(0);
  }

  /**
   * @param prefix of the topics {@code -group} (4 partitions) and {@code -large} (records of 2
   *     MiB), which exist; the others are created by being written to
   * @return a line for each check: {@code ok NAME} or {@code not ok NAME: why}
   */
  static List<String> run(String bootstrap, String prefix) {
    JavaClientChecks checks = new JavaClientChecks(bootstrap, prefix);
    List<String> lines = new ArrayList<>();
    checks.all().forEach((name, check) -> lines.add(line(name, check)));
    return lines;
  }

  private static String line(String name, Check check) {
    try {
      check.run();
      return "ok " + name;
    } catch (Exception | AssertionError e) {
      return "not ok " + name + ": " + e + " at " + Arrays.toString(e.getStackTrace()).substring(1);
    }
  }

  private Map<String, Check> all() {
    Map<String, Check> checks = new LinkedHashMap<>();
    CODECS.forEach(codec -> checks.put("codec " + codec, () -> codec(codec)));
    checks.put("headers", this::headers);
    checks.put("tombstones", this::tombstones);
    checks.put("record of 1 MiB", this::largeRecord);
    checks.put("idempotent order", this::idempotentOrder);
    checks.put("offset by timestamp", this::offsetByTimestamp);
    checks.put("rebalance range", () -> rebalance("RangeAssignor"));
    checks.put("rebalance sticky", () -> rebalance("StickyAssignor"));
    checks.put("commit and resume", this::commitAndResume);
    checks.put("offset reset", this::offsetReset);
    return checks;
  }

  private void codec(String codec) throws Exception {
    List<ProducerRecord<byte[], byte[]>> sent =
        IntStream.range(0, 500)
            .mapToObj(i -> record(codec, "key-" + i, "value-" + i + "x".repeat(i % 300)))
            .toList();
    send(sent, Map.of("compression.type", codec, "linger.ms", 20));
    List<ConsumerRecord<byte[], byte[]>> read = read(topic(codec), sent.size());
    for (int i = 0; i < sent.size(); i++) {
      equal(text(sent.get(i).key()), text(read.get(i).key()));
      equal(text(sent.get(i).value()), text(read.get(i).value()));
    }
  }

  private void headers() throws Exception {
    ProducerRecord<byte[], byte[]> record = record("headers", "key", "value");
    record.headers().add("a", bytes("1")).add("a", bytes("2"));
    record.headers().add("empty", new byte[0]).add("null", null);
    send(List.of(record), Map.of());
    Header[] read = read(topic("headers"), 1).getFirst().headers().toArray();
    equal(List.of(record.headers().toArray()), List.of(read));
  }

  private void tombstones() throws Exception {
    send(
        List.of(record("tombstones", "key", null), record("tombstones", null, "")),
        Map.of("linger.ms", 20));
    List<ConsumerRecord<byte[], byte[]>> read = read(topic("tombstones"), 2);
    equal("key", text(read.get(0).key()));
    equal(null, text(read.get(0).value()));
    equal(null, text(read.get(1).key()));
    equal("", text(read.get(1).value()));
  }

  private void largeRecord() throws Exception {
    byte[] value = new byte[1 << 20];
    new Random(1).nextBytes(value);
    send(
        List.of(new ProducerRecord<>(topic("large"), 0, null, value)),
        Map.of("max.request.size", 2_000_000));
    equal(true, Arrays.equals(value, read(topic("large"), 1).getFirst().value()));
  }

  private void idempotentOrder() throws Exception {
    List<ProducerRecord<byte[], byte[]>> sent =
        IntStream.range(0, 2_000).mapToObj(i -> record("idempotent", null, "" + i)).toList();
    send(sent, Map.of("enable.idempotence", true, "batch.size", 1_000));
    List<ConsumerRecord<byte[], byte[]>> read = read(topic("idempotent"), sent.size());
    for (int i = 0; i < sent.size(); i++) {
      equal("" + i, text(read.get(i).value()));
    }
  }

  private void offsetByTimestamp() throws Exception {
    long firstMs = 1_700_000_000_000L;
    TopicPartition partition = new TopicPartition(topic("timestamps"), 0);
    List<ProducerRecord<byte[], byte[]>> sent =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    new ProducerRecord<byte[], byte[]>(
                        partition.topic(), 0, firstMs + i * 1_000, null, bytes("" + i)))
            .toList();
    send(sent, Map.of());
    try (var consumer = consumer(Map.of())) {
      OffsetAndTimestamp found =
          consumer.offsetsForTimes(Map.of(partition, firstMs + 1_500)).get(partition);
      equal(2L, found == null ? null : found.offset());
      equal(0L, consumer.beginningOffsets(List.of(partition)).get(partition));
      equal(5L, consumer.endOffsets(List.of(partition)).get(partition));
    }
  }

  private void rebalance(String assignor) {
    Map<String, Object> settings =
        Map.of(
            "group.id",
            topic(assignor),
            "partition.assignment.strategy",
            "org.apache.kafka.clients.consumer." + assignor,
            "session.timeout.ms",
            6_000,
            "heartbeat.interval.ms",
            300);
    try (var first = consumer(settings)) {
      try (var second = consumer(settings)) {
        for (var member : List.of(first, second)) {
          member.subscribe(List.of(topic("group")));
        }
        until(
            "two members have two partitions each",
            () -> {
              first.poll(POLL_MAX);
              second.poll(POLL_MAX);
              return first.assignment().size() == 2 && second.assignment().size() == 2;
            });
      }
      until(
          "the member that stays has all partitions",
          () -> {
            first.poll(POLL_MAX);
            return first.assignment().size() == 4;
          });
    }
  }

  private void commitAndResume() throws Exception {
    send(IntStream.range(0, 10).mapToObj(i -> record("resume", null, "" + i)).toList(), Map.of());
    equal(offsets(0, 10), readInGroup("resume", 10, 7));
    equal(offsets(7, 10), readInGroup("resume", 3, 10));
    send(List.of(record("resume", null, "more")), Map.of());
    equal(offsets(10, 11), readInGroup("resume", 1, 11));
  }

  private List<Long> readInGroup(String name, int count, long commit) {
    List<Long> offsets = new ArrayList<>();
    try (var consumer = consumer(Map.of("group.id", topic(name)))) {
      consumer.subscribe(List.of(topic(name)));
      until(
          count + " records",
          () -> {
            consumer.poll(POLL_MAX).forEach(record -> offsets.add(record.offset()));
            return offsets.size() >= count;
          });
      consumer.commitSync(
          Map.of(new TopicPartition(topic(name), 0), new OffsetAndMetadata(commit, "note")));
    }
    return offsets;
  }

  private void offsetReset() throws Exception {
    send(List.of(record("reset", null, "a"), record("reset", null, "b")), Map.of());
    TopicPartition partition = new TopicPartition(topic("reset"), 0);
    try (var consumer = consumer(Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, 999);
      List<Long> offsets = new ArrayList<>();
      until(
          "the consumer begins anew",
          () -> {
            consumer.poll(POLL_MAX).forEach(record -> offsets.add(record.offset()));
            return offsets.size() >= 2;
          });
      equal(offsets(0, 2), offsets);
    }
  }

  private void send(
      Collection<ProducerRecord<byte[], byte[]>> records, Map<String, Object> settings)
      throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrap);
    all.put("acks", "all");
    List<Future<RecordMetadata>> sending = new ArrayList<>();
    try (var producer =
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record : records) {
        sending.add(producer.send(record));
      }
      for (Future<RecordMetadata> one : sending) {
        one.get(WAIT_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer = consumer(Map.of())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      until(
          count + " records of " + topic,
          () -> {
            consumer.poll(POLL_MAX).forEach(records::add);
            return records.size() >= count;
          });
    }
    equal(count, records.size());
    return records;
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrap);
    all.put("auto.offset.reset", "earliest");
    all.put("enable.auto.commit", false);
    all.putIfAbsent("group.id", topic("none"));
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private ProducerRecord<byte[], byte[]> record(
      String name, @Nullable String key, @Nullable String value) {
    return new ProducerRecord<>(topic(name), 0, bytes(key), bytes(value));
  }

  private String topic(String name) {
    return prefix + "-" + name;
  }

  private static List<Long> offsets(long from, long to) {
    List<Long> offsets = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      offsets.add(offset);
    }
    return offsets;
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError(what + ": not within " + WAIT_SECONDS + " s");
      }
    }
  }

  private static void equal(@Nullable Object expected, @Nullable Object actual) {
    if (expected == null ? actual != null : !expected.equals(actual)) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }
}
