package io.tributary.tests.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.servers.S3Server;
import io.tributary.tests.process.BrokerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * An object store that takes 100 ms a request: the requests of one connection must overlap, or a
 * single producer is held to one request a store round trip.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowStoreTest {
  private static final int STORE_DELAY_MS = 100;

  /** The rest is what the server itself takes. */
  private static final int LINK_DELAY_MS = 90;

  private static final int IN_FLIGHT = 5;
  private static final int REQUESTS = 50;

  /** The machine may be busy with something else: one round that is fast enough will do. */
  private static final int ROUNDS_MAX = 12;

  private S3Server objects;
  private SlowLink link;

  @BeforeAll
  void startStore(@TempDir Path folder) {
    objects = new S3Server(folder);
    objects.start();
    link = new SlowLink(objects.port(), LINK_DELAY_MS);
  }

  @AfterAll
  void stopStore() {
    link.close();
    objects.close();
  }

  @Test
  void fourRequestsOverlapWhenObjectsAreSealedAtOnce(@TempDir Path folder) throws Exception {
    double requests =
        requestsPerDelay(
            folder,
            4.0,
            "--set",
            "tributary.intake.max-delay=2ms",
            "--set",
            "tributary.intake.flushes-per-second=0");
    assertThat(requests).as("requests a store round trip").isGreaterThanOrEqualTo(4.0);
  }

  @Test
  void threeRequestsOverlapByDefault(@TempDir Path folder) throws Exception {
    assertThat(requestsPerDelay(folder, 3.0))
        .as("requests a store round trip")
        .isGreaterThanOrEqualTo(3.0);
  }

  /** Measures until it is {@code enough}, or {@value #ROUNDS_MAX} times; the best counts. */
  private double requestsPerDelay(Path folder, double enough, String... options) throws Exception {
    String url =
        "s3://tributary/" + enough + "?path-style=true&endpoint=http://127.0.0.1:" + link.port();
    String[] all =
        Stream.concat(Stream.of("--storage", url), Stream.of(options)).toArray(String[]::new);
    Map<String, Object> settings =
        Map.of(
            "acks",
            "all",
            "max.in.flight.requests.per.connection",
            IN_FLIGHT,
            // A record a batch, and a batch of the only partition a request.
            "batch.size",
            1,
            "linger.ms",
            0);
    try (BrokerProcess broker = BrokerProcess.start(folder, all);
        var producer = producer(broker, settings)) {
      send(producer, REQUESTS);
      double best = 0;
      for (int round = 0; round < ROUNDS_MAX && best < enough; round++) {
        long startNanos = System.nanoTime();
        send(producer, REQUESTS);
        double tookMs = (System.nanoTime() - startNanos) / 1e6;
        best = Math.max(best, REQUESTS * STORE_DELAY_MS / tookMs);
      }
      return best;
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(
      BrokerProcess broker, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", broker.bootstrap());
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, int count) throws Exception {
    List<Future<RecordMetadata>> sending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sending.add(producer.send(new ProducerRecord<>("slow", 0, null, new byte[100])));
    }
    for (Future<RecordMetadata> one : sending) {
      one.get();
    }
  }
}
