package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorAnswerTest {
  static Stream<Arguments> failures() {
    var coordinator = new NotCoordinatorException("moved");
    return Stream.of(
        Arguments.of(
            Errors.NOT_COORDINATOR,
            stage(
                () -> {
                  throw coordinator;
                })),
        Arguments.of(
            Errors.NOT_COORDINATOR, stage(() -> CompletableFuture.failedFuture(coordinator))),
        Arguments.of(
            Errors.NOT_COORDINATOR,
            stage(
                () ->
                    CompletableFuture.failedFuture(
                        new CompletionException(new CompletionException(coordinator))))),
        Arguments.of(
            Errors.REQUEST_TIMED_OUT,
            stage(() -> CompletableFuture.failedFuture(Errors.REQUEST_TIMED_OUT.exception()))),
        Arguments.of(
            Errors.UNKNOWN_SERVER_ERROR,
            stage(
                () -> {
                  throw new IllegalStateException("bug");
                })),
        Arguments.of(
            Errors.UNKNOWN_SERVER_ERROR,
            stage(
                () -> {
                  throw new StackOverflowError();
                })),
        Arguments.of(
            Errors.UNKNOWN_SERVER_ERROR, stage(() -> CompletableFuture.completedFuture(null))),
        Arguments.of(Errors.UNKNOWN_SERVER_ERROR, stage(() -> null)));
  }

  private static Supplier<CompletionStage<HeartbeatResponse>> stage(
      Supplier<CompletionStage<HeartbeatResponse>> stage) {
    return stage;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureBecomesTheErrorOfItsApiAndTheConnectionLives(
      Errors error, Supplier<CompletionStage<HeartbeatResponse>> failure) throws Exception {
    Handler<HeartbeatRequest, HeartbeatResponse> handler =
        (_, request) ->
            request.data().groupId().equals("fail")
                ? failure.get()
                : CompletableFuture.completedFuture(Requests.beatAnswer(request));
    try (var server =
            new TestServer(Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, handler));
        var peer = server.connect()) {
      assertThat(((HeartbeatResponse) peer.ask(Requests.heartbeat("fail"))).error())
          .isEqualTo(error);
      assertThat(peer.ask(Requests.heartbeat("fine")).throttleTimeMs()).isEqualTo(4);
    }
  }

  @Test
  void aProduceWithoutAcknowledgementGetsNoAnswer() throws Exception {
    try (var server =
            new TestServer(
                Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, Requests::produced)
                    .carryingRecords(),
                Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, Requests::beat));
        var peer = server.connect()) {
      peer.send(Requests.produce((short) 0, 100));
      assertThat(peer.ask(Requests.heartbeat("next")).throttleTimeMs()).isEqualTo(4);
    }
  }

  @Test
  void aFailedProduceWithoutAcknowledgementClosesTheConnection() throws Exception {
    Handler<ProduceRequest, ProduceResponse> failing =
        (_, _) -> CompletableFuture.failedFuture(Errors.NOT_LEADER_OR_FOLLOWER.exception());
    Handler<ProduceRequest, ProduceResponse> refusing =
        (_, _) -> {
          var partition =
              new ProduceResponseData.PartitionProduceResponse()
                  .setErrorCode(Errors.CORRUPT_MESSAGE.code());
          var topic = new ProduceResponseData.TopicProduceResponse();
          topic.setName("topic").partitionResponses().add(partition);
          var data = new ProduceResponseData();
          data.responses().add(topic);
          return CompletableFuture.completedFuture(new ProduceResponse(data));
        };
    for (var handler : java.util.List.of(failing, refusing)) {
      try (var server =
              new TestServer(
                  Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, handler).carryingRecords());
          var peer = server.connect()) {
        peer.send(Requests.produce((short) 0, 100));
        assertThat(peer.isHungUp()).isTrue();
      }
    }
  }
}
