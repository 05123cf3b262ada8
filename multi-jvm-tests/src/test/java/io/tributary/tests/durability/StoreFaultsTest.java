package io.tributary.tests.durability;

import io.tributary.persistence.servers.EtcdServer;
import io.tributary.persistence.servers.FaultyLink;
import io.tributary.persistence.servers.LocalServer;
import io.tributary.persistence.servers.S3Server;
import io.tributary.tests.process.BrokerProcess;
import io.tributary.tests.process.Signals;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker on a real S3 server and a real etcd, which are killed, paused and cut off under load.
 * While a store is away nothing is acknowledged, and producers wait; when it is back, the broker
 * goes on by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreFaultsTest {
  private static final int ENOUGH = 500;

  /** Longer than a node may serve without a word from the metadata store. */
  private static final Duration AWAY = Duration.ofSeconds(4);

  private S3Server objects;
  private EtcdServer metadata;
  private FaultyLink linkToObjects;
  private FaultyLink linkToMetadata;
  private BrokerProcess broker;

  @BeforeAll
  void startAll(@TempDir Path folder) {
    objects = new S3Server(folder.resolve("s3"));
    objects.start();
    linkToObjects = new FaultyLink(objects.port());
    metadata = new EtcdServer(folder.resolve("etcd"));
    metadata.start();
    linkToMetadata = new FaultyLink(metadata.port());
    broker =
        BrokerProcess.start(
            folder.resolve("broker"),
            "--storage",
            "s3://tributary/log?path-style=true&endpoint=http://127.0.0.1:" + linkToObjects.port(),
            "--metadata",
            "etcd://127.0.0.1:" + linkToMetadata.port());
  }

  @AfterAll
  void stopAll() {
    broker.close();
    linkToMetadata.close();
    metadata.close();
    linkToObjects.close();
    objects.close();
  }

  @Test
  void theObjectStoreIsKilledAndStartedAgain() throws Exception {
    killAndStart(objects, "object-store-killed");
  }

  @Test
  void theMetadataStoreIsKilledAndStartedAgain() throws Exception {
    killAndStart(metadata, "metadata-store-killed");
  }

  @Test
  void theObjectStoreIsPaused() throws Exception {
    pause(objects, "object-store-paused");
  }

  @Test
  void theMetadataStoreIsPaused() throws Exception {
    pause(metadata, "metadata-store-paused");
  }

  @Test
  void answersOfTheObjectStoreAreLost() throws Exception {
    loseAnswers(linkToObjects, "object-store-answers-lost");
  }

  @Test
  void answersOfTheMetadataStoreAreLost() throws Exception {
    loseAnswers(linkToMetadata, "metadata-store-answers-lost");
  }

  private void killAndStart(LocalServer server, String topic) throws Exception {
    try (Workload workload = new Workload(broker.bootstrap(), topic, 3)) {
      workload.start(2);
      workload.awaitAcknowledged(ENOUGH);
      server.kill();
      workload.awaitStandstill(AWAY);
      server.start();
      workload.awaitAcknowledged(ENOUGH);
      workload.finish();
      workload.check();
    }
  }

  private void pause(LocalServer server, String topic) throws Exception {
    try (Workload workload = new Workload(broker.bootstrap(), topic, 3)) {
      workload.start(2);
      workload.awaitAcknowledged(ENOUGH);
      Signals.pause(server.pid());
      try {
        workload.awaitStandstill(AWAY);
      } finally {
        Signals.resume(server.pid());
      }
      workload.awaitAcknowledged(ENOUGH);
      workload.finish();
      workload.check();
    }
  }

  private void loseAnswers(FaultyLink link, String topic) throws Exception {
    try (Workload workload = new Workload(broker.bootstrap(), topic, 3)) {
      workload.start(2);
      workload.awaitAcknowledged(ENOUGH);
      link.loseAnswers();
      workload.awaitStandstill(AWAY);
      link.reset();
      workload.awaitAcknowledged(ENOUGH);
      workload.finish();
      workload.check();
    }
  }
}
