package io.tributary.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves a {@link RequestTable} to Kafka clients. Built, started and stopped by the node. */
public final class KafkaServer {
  private final WireSettings settings;
  private final RequestTable table;
  private final WireMetrics metrics;

  public KafkaServer(WireSettings settings, RequestTable table, WireMetrics metrics) {
    this.settings = settings;
    this.table = table;
    this.metrics = metrics;
  }

  /**
   * Opens a listener; may be called once for each.
   *
   * @param address port 0 takes a free one
   * @return the address that clients can connect to
   * @throws java.io.UncheckedIOException the address cannot be bound
   */
  public InetSocketAddress start(String listenerName, InetSocketAddress address) {
    throw new UnsupportedOperationException(listenerName + address + settings + table + metrics);
  }

  /**
   * Stops accepting and reading at once, answers what is in flight for at most {@code grace}, then
   * closes every connection. Idempotent.
   */
  public CompletionStage<Void> stop(Duration grace) {
    return CompletableFuture.completedFuture(null);
  }

  /** Of this moment. */
  public int openConnections() {
    return 0;
  }

  /** What requests of {@code memory} hold at this moment. */
  public long memoryTakenBytes(MemoryClass memory) {
    return 0;
  }
}
