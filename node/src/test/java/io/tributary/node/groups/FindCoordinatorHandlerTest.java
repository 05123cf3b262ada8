package io.tributary.node.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.node.FakeRequestContext;
import io.tributary.persistence.model.ShardCounts;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.junit.jupiter.api.Test;

class FindCoordinatorHandlerTest {
  private static final ClusterImage NOBODY = ClusterImage.empty("c", ShardCounts.DEFAULT);
  private static final ClusterImage ONE_BROKER =
      NOBODY.with(List.of(new BrokerImage(7, "here", 9092, "")));

  @Test
  void theLiveBrokerIsNamedInEveryVersion() {
    for (int version = 0; version <= 3; version++) {
      FindCoordinatorResponseData answer = find(ONE_BROKER, version, CoordinatorType.GROUP);
      assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(answer.nodeId()).isEqualTo(7);
      assertThat(answer.port()).isEqualTo(9092);
    }
    for (int version = 4; version <= 6; version++) {
      List<Coordinator> answer =
          find(ONE_BROKER, version, CoordinatorType.TRANSACTION).coordinators();
      assertThat(answer).extracting(Coordinator::key).containsExactly("a", "b");
      assertThat(answer).allMatch(coordinator -> coordinator.nodeId() == 7);
    }
  }

  @Test
  void withoutALiveBrokerClientsTryAgain() {
    assertThat(find(NOBODY, 6, CoordinatorType.GROUP).coordinators())
        .allMatch(found -> found.errorCode() == Errors.COORDINATOR_NOT_AVAILABLE.code());
    assertThat(find(NOBODY, 2, CoordinatorType.GROUP).errorCode())
        .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
  }

  @Test
  void shareGroupsHaveNoCoordinatorHere() {
    assertThat(find(ONE_BROKER, 6, CoordinatorType.SHARE).coordinators())
        .allMatch(found -> found.errorCode() == Errors.INVALID_REQUEST.code());
  }

  private static FindCoordinatorResponseData find(
      ClusterImage image, int version, CoordinatorType type) {
    FindCoordinatorRequestData data = new FindCoordinatorRequestData().setKeyType(type.id());
    if (version >= FindCoordinatorRequest.MIN_BATCHED_VERSION) {
      data.setCoordinatorKeys(List.of("a", "b"));
    } else {
      data.setKey("a");
    }
    return new FindCoordinatorHandler(() -> image)
        .handle(
            FakeRequestContext.of(ApiKeys.FIND_COORDINATOR, (short) version),
            new FindCoordinatorRequest.Builder(data).build((short) version))
        .toCompletableFuture()
        .join()
        .data();
  }
}
