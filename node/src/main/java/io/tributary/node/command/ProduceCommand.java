package io.tributary.node.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary produce}: one record a line of standard input. */
@Command(
    name = "produce",
    description = "Write each line of standard input as a record.",
    mixinStandardHelpOptions = true)
final class ProduceCommand implements Callable<Integer> {
  @Mixin private Connection connection = new Connection();

  @Parameters(paramLabel = "TOPIC", description = "Where to write.")
  private String topic = "";

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "Splits each line into key and value at its first appearance.")
  private @Nullable String keySeparator;

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      defaultValue = "none",
      description = "none, gzip, snappy, lz4 or zstd.")
  private String compression = "none";

  @Override
  public Integer call() throws IOException {
    Map<String, Object> settings = new HashMap<>(connection.clientSettings());
    settings.put("compression.type", compression);
    settings.put("linger.ms", 5);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    long count = 0;
    try (var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine();
          line != null && failure.get() == null;
          line = lines.readLine()) {
        var unused = producer.send(record(line), (_, e) -> failure.compareAndSet(null, e));
        count++;
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw connection.refused(String.valueOf(failed.getMessage()));
    }
    connection
        .output()
        .done("Wrote " + count + (count == 1 ? " record." : " records."), Map.of("records", count));
    return 0;
  }

  private ProducerRecord<@Nullable String, String> record(String line) {
    String separator = keySeparator;
    int at = separator == null ? -1 : line.indexOf(separator);
    return separator == null || at < 0
        ? new ProducerRecord<>(topic, null, line)
        : new ProducerRecord<>(
            topic, line.substring(0, at), line.substring(at + separator.length()));
  }
}
