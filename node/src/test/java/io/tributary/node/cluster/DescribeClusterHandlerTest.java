package io.tributary.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.node.FakeRequestContext;
import io.tributary.persistence.model.ShardCounts;
import java.util.List;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.junit.jupiter.api.Test;

class DescribeClusterHandlerTest {
  private final ClusterImage image =
      ClusterImage.empty("a-cluster", ShardCounts.DEFAULT)
          .with(
              List.of(
                  new BrokerImage(3, "c.example", 9093, "zone-1"),
                  new BrokerImage(2, "b.example", 9092, "")));
  private final DescribeClusterHandler handler = new DescribeClusterHandler(() -> image);

  @Test
  void everyVersionNamesTheLiveNodes() {
    for (short version : ApiKeys.DESCRIBE_CLUSTER.allVersions()) {
      DescribeClusterResponseData data = ask(version, new DescribeClusterRequestData());

      assertThat(data.clusterId()).isEqualTo("a-cluster");
      assertThat(data.controllerId()).isEqualTo(2);
      assertThat(data.brokers()).hasSize(2);
      assertThat(data.brokers().find(3).rack()).isEqualTo("zone-1");
      assertThat(data.brokers().find(2).rack()).isNull();
      assertThat(data.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }
  }

  @Test
  void allowedOperationsAreToldWhenAskedFor() {
    DescribeClusterRequestData data =
        new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true);

    // CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE
    assertThat(ask((short) 2, data).clusterAuthorizedOperations()).isEqualTo(0b1111110100000);
  }

  @Test
  void controllersAreNotToBeFoundHere() {
    DescribeClusterRequestData data =
        new DescribeClusterRequestData().setEndpointType(EndpointType.CONTROLLER.id());

    assertThat(ask((short) 1, data).errorCode()).isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
    assertThat(ask((short) 1, data.duplicate().setEndpointType((byte) 9)).errorCode())
        .isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
  }

  private DescribeClusterResponseData ask(short version, DescribeClusterRequestData data) {
    DescribeClusterResponseData answer =
        handler
            .handle(
                FakeRequestContext.of(ApiKeys.DESCRIBE_CLUSTER, version),
                new DescribeClusterRequest.Builder(data).build(version))
            .toCompletableFuture()
            .join()
            .data();
    assertThat(MessageUtil.toByteBufferAccessor(answer, version).buffer().limit()).isPositive();
    return answer;
  }
}
