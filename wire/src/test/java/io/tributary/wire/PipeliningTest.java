package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipeliningTest {
  private record Pending(HeartbeatRequest request, CompletableFuture<HeartbeatResponse> answer) {
    void complete() {
      answer.complete(Requests.beatAnswer(request));
    }
  }

  private final List<Pending> pending = new CopyOnWriteArrayList<>();

  private Route heartbeats(Order order) {
    Handler<HeartbeatRequest, HeartbeatResponse> handler =
        (_, request) -> {
          var answer = new CompletableFuture<HeartbeatResponse>();
          pending.add(new Pending(request, answer));
          return answer;
        };
    return Route.route(ApiKeys.HEARTBEAT, 0, 4, order, handler);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void answersLeaveInRequestOrderWhateverIsKnownFirst(long seed) throws Exception {
    try (var server = new TestServer(heartbeats(Order.PIPELINED));
        var peer = server.connect()) {
      List<RequestHeader> sent = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        sent.add(peer.send(Requests.heartbeat("g".repeat(i))));
      }
      await().untilAsserted(() -> assertThat(pending).hasSize(40));
      assertThat(pending)
          .extracting(p -> p.request().data().groupId().length())
          .as("dispatched in the order sent")
          .isSorted();
      List<Pending> order = new ArrayList<>(pending);
      Collections.shuffle(order, new Random(seed));
      order.forEach(Pending::complete);
      for (int i = 0; i < 40; i++) {
        assertThat(peer.receive(sent.get(i)).throttleTimeMs()).isEqualTo(i);
      }
    }
  }

  @Test
  void anInOrderRequestFinishesBeforeTheNextIsDispatched() throws Exception {
    try (var server = new TestServer(heartbeats(Order.IN_ORDER));
        var peer = server.connect()) {
      RequestHeader first = peer.send(Requests.heartbeat("a"));
      RequestHeader second = peer.send(Requests.heartbeat("bb"));
      await()
          .untilAsserted(
              () ->
                  assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL))
                      .as("both have arrived")
                      .isGreaterThan(45));
      assertThat(pending).hasSize(1);
      pending.get(0).complete();
      assertThat(peer.receive(first).throttleTimeMs()).isEqualTo(1);
      await().untilAsserted(() -> assertThat(pending).hasSize(2));
      pending.get(1).complete();
      assertThat(peer.receive(second).throttleTimeMs()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionWithTooManyUnansweredRequestsIsNotReadAndLosesNone() throws Exception {
    int max = 5;
    var settings =
        new WireSettings(
            WireSettings.Frames.DEFAULT,
            WireSettings.Memory.DEFAULT,
            new WireSettings.Connections(100, 100, 600_000, max),
            1);
    try (var server = new TestServer(settings, heartbeats(Order.PIPELINED));
        var peer = server.connect();
        var other = server.connect()) {
      List<RequestHeader> sent = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        sent.add(peer.send(Requests.heartbeat("g".repeat(i))));
      }
      await().untilAsserted(() -> assertThat(pending).hasSize(max));
      other.send(Requests.heartbeat("other"));
      await().untilAsserted(() -> assertThat(pending).hasSize(max + 1));
      assertThat(pending.get(max).request().data().groupId()).isEqualTo("other");
      int answered = 0;
      while (answered < 200) {
        List<Pending> known = List.copyOf(pending);
        known.forEach(Pending::complete);
        pending.removeAll(known);
        for (Pending done : known) {
          if (!done.request().data().groupId().equals("other")) {
            assertThat(peer.receive(sent.get(answered)).throttleTimeMs()).isEqualTo(answered);
            answered++;
          }
        }
      }
    }
  }

  @Test
  void aHandlerHearsThatItsClientHasGone() throws Exception {
    var gone = new CompletableFuture<Void>();
    var answer = new CompletableFuture<HeartbeatResponse>();
    Handler<HeartbeatRequest, HeartbeatResponse> handler =
        (context, _) -> {
          context.onDisconnect(() -> gone.complete(null));
          return answer;
        };
    try (var server =
        new TestServer(Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.IN_ORDER, handler))) {
      var peer = server.connect();
      peer.send(Requests.heartbeat("a"));
      peer.send(Requests.heartbeat("waits behind"));
      await()
          .untilAsserted(
              () -> assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL)).isPositive());
      peer.close();
      await().until(gone::isDone);
      answer.complete(
          new HeartbeatResponse(new org.apache.kafka.common.message.HeartbeatResponseData()));
      await()
          .untilAsserted(
              () -> assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL)).isZero());
    }
  }
}
