package io.tributary.bench.wire;

import com.sun.management.OperatingSystemMXBean;
import io.tributary.wire.KafkaServer;
import io.tributary.wire.Order;
import io.tributary.wire.RequestTable;
import io.tributary.wire.Route;
import io.tributary.wire.WireMetrics;
import io.tributary.wire.WireSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * CPU seconds a GiB that the wire takes for produces over the loopback, with a handler that answers
 * at once. The clients run in a process of their own, so that only the server is counted.
 *
 * <p>Arguments: request bytes, connections, seconds.
 */
public final class ProduceCost {
  private static final int IN_FLIGHT = 5;
  private static final double GIB = 1 << 30;

  private ProduceCost() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("clients")) {
      runClients(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    } else {
      measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }
  }

  private static void measure(int requestBytes, int connections, int seconds) throws Exception {
    var received = new AtomicLong();
    var table =
        RequestTable.of(
            Route.<ProduceRequest, ProduceResponse>route(
                    ApiKeys.PRODUCE,
                    3,
                    13,
                    Order.PIPELINED,
                    (_, _) -> {
                      received.addAndGet(requestBytes);
                      return CompletableFuture.completedFuture(
                          new ProduceResponse(new ProduceResponseData()));
                    })
                .carryingRecords());
    var server = new KafkaServer(WireSettings.DEFAULT, table, WireMetrics.NONE);
    var address =
        server.start("PLAINTEXT", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Process clients = startClients(address.getPort(), requestBytes, connections);
    try {
      Thread.sleep(Duration.ofSeconds(5));
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long cpuBefore = system.getProcessCpuTime();
      long bytesBefore = received.get();
      Thread.sleep(Duration.ofSeconds(seconds));
      double cpuSeconds = (system.getProcessCpuTime() - cpuBefore) / 1e9;
      double gib = (received.get() - bytesBefore) / GIB;
      System.out.printf(
          "request %,d bytes, %d connections: %.2f GiB/s, %.3f CPU seconds a GiB%n",
          requestBytes, connections, gib / seconds, cpuSeconds / gib);
    } finally {
      clients.destroy();
      server.stop(Duration.ZERO).toCompletableFuture().join();
    }
  }

  private static Process startClients(int port, int requestBytes, int connections)
      throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                ProduceCost.class.getName(),
                "clients",
                Integer.toString(port),
                Integer.toString(requestBytes),
                Integer.toString(connections)))
        .inheritIO()
        .start();
  }

  private static void runClients(int port, int requestBytes, int connections)
      throws InterruptedException {
    ByteBuffer request = request(requestBytes);
    for (int i = 0; i < connections; i++) {
      Thread.ofPlatform().start(() -> produce(port, request.duplicate()));
    }
    Thread.currentThread().join();
  }

  private static ByteBuffer request(int requestBytes) {
    var records =
        MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[requestBytes]));
    var partition = new ProduceRequestData.PartitionProduceData().setIndex(0).setRecords(records);
    var topic =
        new ProduceRequestData.TopicProduceData()
            .setName("topic")
            .setPartitionData(List.of(partition));
    var topics = new ProduceRequestData.TopicProduceDataCollection(List.of(topic).iterator());
    var data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000).setTopicData(topics);
    ByteBuffer message =
        new ProduceRequest(data, (short) 9)
            .serializeWithHeader(new RequestHeader(ApiKeys.PRODUCE, (short) 9, "bench", 1));
    ByteBuffer framed = ByteBuffer.allocateDirect(4 + message.remaining());
    return framed.putInt(message.remaining()).put(message).flip();
  }

  private static void produce(int port, ByteBuffer request) {
    try (var channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      Socket socket = channel.socket();
      socket.setTcpNoDelay(true);
      var answers = new DataInputStream(socket.getInputStream());
      for (long sent = 0; ; sent++) {
        if (sent >= IN_FLIGHT) {
          answers.skipNBytes(answers.readInt());
        }
        request.rewind();
        while (request.hasRemaining()) {
          channel.write(request);
        }
      }
    } catch (IOException stopped) {
      // The measurement is over.
      System.exit(0);
    }
  }
}
