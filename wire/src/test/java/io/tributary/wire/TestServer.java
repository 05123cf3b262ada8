package io.tributary.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server on a free port of the loopback, whose memory must be given back before it ends. */
final class TestServer implements AutoCloseable {
  static final WireSettings SETTINGS =
      new WireSettings(
          WireSettings.Frames.DEFAULT,
          WireSettings.Memory.DEFAULT,
          WireSettings.Connections.DEFAULT,
          2);

  final KafkaServer server;
  final InetSocketAddress address;

  TestServer(Route... rows) {
    this(SETTINGS, rows);
  }

  TestServer(WireSettings settings, Route... rows) {
    server = new KafkaServer(settings, RequestTable.of(rows), WireMetrics.NONE);
    address = server.start("PLAINTEXT", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  Peer connect() throws IOException {
    return new Peer(address);
  }

  @Override
  public void close() throws Exception {
    server.stop(Duration.ofSeconds(5)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    for (MemoryClass memory : MemoryClass.values()) {
      if (server.memoryTakenBytes(memory) != 0) {
        throw new AssertionError(memory + " still taken: " + server.memoryTakenBytes(memory));
      }
    }
  }
}
