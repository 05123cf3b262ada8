package io.tributary.node.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary consume}: records to standard output, a line each. */
@Command(
    name = "consume",
    description = "Print a topic's records, a line each; with --json a JSON object each.",
    mixinStandardHelpOptions = true)
final class ConsumeCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private Connection connection = new Connection();

  @Parameters(paramLabel = "TOPIC", description = "What to read.")
  private String topic = "";

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Read as a member of this group and commit.")
  private @Nullable String group;

  @Option(names = "--from-beginning", description = "Begin at the earliest record.")
  private boolean fromBeginning;

  @Option(names = "--max-messages", paramLabel = "N", description = "Stop after this many records.")
  private long messagesMax = Long.MAX_VALUE;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Stop when nothing came for this long.")
  private long timeoutSeconds = Long.MAX_VALUE / 1_000_000_000L;

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "Print the key too, before this text.")
  private @Nullable String keySeparator;

  @Override
  public Integer call() throws JsonProcessingException {
    Map<String, Object> settings = new HashMap<>(connection.clientSettings());
    settings.put("auto.offset.reset", fromBeginning ? "earliest" : "latest");
    if (group != null) {
      settings.put("group.id", group);
    } else {
      settings.put("enable.auto.commit", false);
    }
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      start(consumer);
      print(consumer);
      if (group != null) {
        consumer.commitSync();
      }
    }
    return 0;
  }

  private void start(KafkaConsumer<String, String> consumer) {
    if (group != null) {
      consumer.subscribe(List.of(topic));
      return;
    }
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream().map(ConsumeCommand::toTopicPartition).toList();
    consumer.assign(partitions);
    if (fromBeginning) {
      consumer.seekToBeginning(partitions);
    } else {
      consumer.seekToEnd(partitions);
    }
  }

  private static TopicPartition toTopicPartition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }

  private void print(KafkaConsumer<String, String> consumer) throws JsonProcessingException {
    Output output = connection.output();
    long printed = 0;
    long lastNanos = System.nanoTime();
    while (printed < messagesMax
        && System.nanoTime() - lastNanos < Duration.ofSeconds(timeoutSeconds).toNanos()) {
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
      for (ConsumerRecord<String, String> record : records) {
        if (printed++ < messagesMax) {
          output.out().println(output.json() ? json(record) : text(record));
        }
      }
      if (!records.isEmpty()) {
        lastNanos = System.nanoTime();
        output.out().flush();
      }
    }
  }

  private String text(ConsumerRecord<String, String> record) {
    return keySeparator == null
        ? String.valueOf(record.value())
        : record.key() + keySeparator + record.value();
  }

  private static String json(ConsumerRecord<String, String> record) throws JsonProcessingException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("topic", record.topic());
    fields.put("partition", record.partition());
    fields.put("offset", record.offset());
    fields.put("timestamp", record.timestamp());
    fields.put("key", record.key());
    fields.put("value", record.value());
    return JSON.writeValueAsString(fields);
  }
}
