package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;

class MemoryBoundsTest {
  private static final int MIB = 1 << 20;
  private static final WireSettings.Connections CONNECTIONS =
      new WireSettings.Connections(10_000, 10_000, 600_000, 64);

  private final List<CompletableFuture<ProduceResponse>> held = new CopyOnWriteArrayList<>();

  private static WireSettings settings(long recordBytesMax, long stallMs) {
    return new WireSettings(
        new WireSettings.Frames(100 * MIB, 8 * MIB, stallMs),
        new WireSettings.Memory(recordBytesMax, MIB),
        CONNECTIONS,
        2);
  }

  private static Route[] answering() {
    return routes(Requests::produced);
  }

  private Route[] holding() {
    return routes(
        (_, _) -> {
          var answer = new CompletableFuture<ProduceResponse>();
          held.add(answer);
          return answer;
        });
  }

  private static Route[] routes(Handler<ProduceRequest, ProduceResponse> produce) {
    return new Route[] {
      Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, produce).carryingRecords(),
      Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, Requests::beat)
    };
  }

  private static void answer(CompletableFuture<ProduceResponse> request) {
    request.complete(new ProduceResponse(new ProduceResponseData()));
  }

  private static byte[] announced(int frameBytes, int sentBytes) {
    return ByteBuffer.allocate(4 + sentBytes)
        .putInt(frameBytes)
        .putShort(ApiKeys.PRODUCE.id)
        .putShort((short) 9)
        .array();
  }

  @Test
  void connectionsThatAnnounceMuchAndSendLittleHoldLittleAndHinderNobody() throws Exception {
    try (var server = new TestServer(settings(32 * MIB, 600_000), answering());
        var other = server.connect()) {
      List<Peer> announcers = new ArrayList<>();
      try {
        for (int i = 0; i < 500; i++) {
          Peer peer = server.connect();
          peer.send(announced(100 * MIB, i % 2 == 0 ? 4 : 10_000));
          announcers.add(peer);
        }
        await()
            .untilAsserted(
                () ->
                    assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS))
                        .as("250 of them have sent more than 8 KiB")
                        .isEqualTo(250 * 4L * FrameReader.SCRATCH_BYTES));
        for (int i = 0; i < 10; i++) {
          other.ask(Requests.produce((short) 1, 2 * MIB));
          assertThat(other.ask(Requests.heartbeat("abc")).throttleTimeMs()).isEqualTo(3);
        }
      } finally {
        for (Peer peer : announcers) {
          peer.close();
        }
      }
    }
  }

  @Test
  void producesThatFillTheirMemoryAreNotReadAndHeartbeatsAre() throws Exception {
    try (var server = new TestServer(settings(4 * MIB, 600_000), holding());
        var heart = server.connect();
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(
            senders.submit(
                () -> {
                  try (var peer = server.connect()) {
                    return peer.ask(Requests.produce((short) 1, MIB)).errorCounts().size();
                  }
                }));
      }
      await().untilAsserted(() -> assertThat(held).hasSizeGreaterThanOrEqualTo(2));
      assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS)).isLessThan(6L * MIB);
      assertThat(heart.ask(Requests.heartbeat("abc")).throttleTimeMs()).isEqualTo(3);
      await()
          .untilAsserted(
              () -> {
                held.forEach(MemoryBoundsTest::answer);
                assertThat(held).hasSize(12);
              });
      held.forEach(MemoryBoundsTest::answer);
      for (Future<Integer> answer : answers) {
        answer.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void manyFramesLargerThanTheBoundAllGetThrough() throws Exception {
    try (var server = new TestServer(settings(2 * MIB, 600_000), answering());
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            senders.submit(
                () -> {
                  try (var peer = server.connect()) {
                    peer.ask(Requests.produce((short) 1, 5 * MIB));
                    return peer.ask(Requests.produce((short) 1, 5 * MIB)).errorCounts().size();
                  }
                }));
      }
      for (Future<Integer> answer : answers) {
        answer.get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void memoryIsKeptAsLongAsTheHandlerAsksAndTheFrameGoesBefore() throws Exception {
    var durable = new CompletableFuture<Void>();
    Route[] keeping =
        routes(
            (context, request) -> {
              context.keepMemoryUntil(durable);
              return Requests.produced(context, request);
            });
    try (var server = new TestServer(settings(4 * MIB, 600_000), keeping);
        var peer = server.connect()) {
      peer.ask(Requests.produce((short) 1, MIB));
      assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS)).isGreaterThan(MIB);
      durable.complete(null);
      await()
          .untilAsserted(
              () -> assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS)).isZero());
    }
  }

  @Test
  void aKeptFrameIsReadableUntilItsHandlerIsDone() throws Exception {
    var seen = new CompletableFuture<Integer>();
    Route[] keeping =
        routes(
            (context, request) -> {
              context.keepFrame();
              ByteBuffer records = Requests.recordBytes(request);
              var answer = new CompletableFuture<ProduceResponse>();
              CompletableFuture.runAsync(
                  () -> {
                    seen.complete(records.remaining());
                    answer(answer);
                  });
              return answer;
            });
    try (var server = new TestServer(settings(4 * MIB, 600_000), keeping);
        var peer = server.connect()) {
      ProduceRequest request = Requests.produce((short) 1, MIB);
      int recordBytes = Requests.recordBytes(request).remaining();
      peer.ask(request);
      assertThat(seen).isCompletedWithValue(recordBytes);
    }
  }

  @Test
  void aFrameThatStallsIsGivenUpAndAQuietConnectionIsNot() throws Exception {
    try (var server = new TestServer(settings(4 * MIB, 50), answering());
        var quiet = server.connect();
        var stalled = server.connect();
        var barelyBegun = server.connect()) {
      quiet.ask(Requests.heartbeat("abc"));
      stalled.send(announced(100 * MIB, 20_000));
      barelyBegun.send(new byte[] {0, 0});
      assertThat(stalled.isHungUp()).isTrue();
      assertThat(barelyBegun.isHungUp()).isTrue();
      assertThat(quiet.ask(Requests.heartbeat("abc")).throttleTimeMs()).isEqualTo(3);
    }
  }

  @Test
  void stalledFramesMakeRoomForWhoWaits() throws Exception {
    try (var server = new TestServer(settings(4 * MIB, 2_000), answering());
        var other = server.connect()) {
      List<Peer> stalled = new ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          Peer peer = server.connect();
          peer.send(announced(100 * MIB, 600_000));
          stalled.add(peer);
        }
        await()
            .untilAsserted(
                () ->
                    assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS))
                        .isGreaterThan(3L * MIB));
        other.ask(Requests.produce((short) 1, 2 * MIB));
      } finally {
        for (Peer peer : stalled) {
          peer.close();
        }
      }
    }
  }

  @Test
  void aFrameThatDripsIsGivenUp() throws Exception {
    try (var server = new TestServer(settings(4 * MIB, 50), answering());
        var drip = server.connect()) {
      drip.send(announced(100 * MIB, 20_000));
      await()
          .pollInterval(10, TimeUnit.MILLISECONDS)
          .untilAsserted(
              () -> {
                try {
                  drip.send(new byte[1]);
                } catch (java.net.SocketException hungUp) {
                  return;
                }
                throw new AssertionError("still listening");
              });
    }
  }
}
