package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.Test;

class AdminClientTest {
  @Test
  void anAdminClientDescribesAClusterOfApiVersionsAndMetadata() throws Exception {
    var port = new AtomicInteger();
    Handler<MetadataRequest, MetadataResponse> metadata =
        (_, request) -> {
          var brokers = new MetadataResponseBrokerCollection();
          brokers.add(
              new MetadataResponseBroker().setNodeId(7).setHost("127.0.0.1").setPort(port.get()));
          return CompletableFuture.completedFuture(
              new MetadataResponse(
                  new MetadataResponseData()
                      .setClusterId("cluster")
                      .setControllerId(7)
                      .setBrokers(brokers),
                  request.version()));
        };
    try (var server =
        new TestServer(Route.route(ApiKeys.METADATA, 0, 13, Order.IN_ORDER, metadata))) {
      port.set(server.address.getPort());
      Map<String, Object> config =
          Map.of(
              AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
              "127.0.0.1:" + server.address.getPort(),
              AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
              10_000);
      try (Admin admin = Admin.create(config)) {
        var cluster = admin.describeCluster();
        assertThat(cluster.clusterId().get(20, TimeUnit.SECONDS)).isEqualTo("cluster");
        assertThat(cluster.nodes().get(20, TimeUnit.SECONDS)).hasSize(1);
        var features = admin.describeFeatures().featureMetadata().get(20, TimeUnit.SECONDS);
        assertThat(features.supportedFeatures()).containsKey("group.version");
        assertThat(features.finalizedFeatures()).isEmpty();
      }
    }
  }
}
