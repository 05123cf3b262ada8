package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private static final Route BEATS =
      Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, Requests::beat);

  private static WireSettings settings(int max, int perAddressMax, long idleMs) {
    return new WireSettings(
        WireSettings.Frames.DEFAULT,
        WireSettings.Memory.DEFAULT,
        new WireSettings.Connections(max, perAddressMax, idleMs, 64),
        2);
  }

  @Test
  void oneAddressTooManyIsHungUpOn() throws Exception {
    try (var server = new TestServer(settings(100, 2, 600_000), BEATS);
        var first = server.connect();
        var second = server.connect()) {
      first.ask(Requests.heartbeat("a"));
      second.ask(Requests.heartbeat("a"));
      try (var third = server.connect()) {
        assertThat(third.isHungUp()).isTrue();
      }
      first.close();
      await().untilAsserted(() -> assertThat(server.server.openConnections()).isEqualTo(1));
      try (var fourth = server.connect()) {
        assertThat(fourth.ask(Requests.heartbeat("ab")).throttleTimeMs()).isEqualTo(2);
      }
    }
  }

  @Test
  void connectionsBeyondTheProcessMaximumWaitUntilOneLeaves() throws Exception {
    try (var server = new TestServer(settings(1, 100, 600_000), BEATS);
        var first = server.connect()) {
      first.ask(Requests.heartbeat("a"));
      try (var waiting = server.connect()) {
        RequestHeader asked = waiting.send(Requests.heartbeat("abc"));
        first.ask(Requests.heartbeat("a"));
        assertThat(server.server.openConnections()).isEqualTo(1);
        first.close();
        assertThat(waiting.receive(asked).throttleTimeMs()).isEqualTo(3);
      }
    }
  }

  @Test
  void aConnectionOnWhichNothingMovesIsClosed() throws Exception {
    try (var server = new TestServer(settings(10, 10, 100), BEATS);
        var peer = server.connect()) {
      peer.ask(Requests.heartbeat("a"));
      assertThat(peer.isHungUp()).isTrue();
    }
  }

  @Test
  void stoppingAnswersWhatIsInFlightAndThenHangsUp() throws Exception {
    var pending = new CompletableFuture<HeartbeatResponse>();
    var dispatched = new CompletableFuture<Void>();
    Handler<HeartbeatRequest, HeartbeatResponse> handler =
        (_, _) -> {
          dispatched.complete(null);
          return pending;
        };
    try (var server =
            new TestServer(Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.IN_ORDER, handler));
        var busy = server.connect();
        var idle = server.connect()) {
      RequestHeader asked = busy.send(Requests.heartbeat("abc"));
      await().untilAsserted(() -> assertThat(dispatched).isDone());
      var stopped = server.server.stop(Duration.ofSeconds(10)).toCompletableFuture();
      assertThat(idle.isHungUp()).isTrue();
      assertThat(stopped).isNotDone();
      pending.complete(Requests.beatAnswer(Requests.heartbeat("abc")));
      assertThat(busy.receive(asked).throttleTimeMs()).isEqualTo(3);
      assertThat(busy.isHungUp()).isTrue();
      stopped.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void stoppingDoesNotWaitLongerThanItsGrace() throws Exception {
    var never = new CompletableFuture<HeartbeatResponse>();
    Handler<HeartbeatRequest, HeartbeatResponse> handler = (_, _) -> never;
    var server = new TestServer(Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.IN_ORDER, handler));
    try (var peer = server.connect()) {
      peer.send(Requests.heartbeat("abc"));
      await()
          .untilAsserted(
              () -> assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL)).isPositive());
      server.server.stop(Duration.ofMillis(50)).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(peer.isHungUp()).isTrue();
      never.completeExceptionally(new IllegalStateException("too late"));
      assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL)).isZero();
    }
  }
}
