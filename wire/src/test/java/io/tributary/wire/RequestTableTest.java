package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTableTest {
  private static final Route BEATS =
      Route.route(ApiKeys.HEARTBEAT, 1, 4, Order.PIPELINED, Requests::beat);
  private static final Route PRODUCES =
      Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, Requests::produced).carryingRecords();

  @ParameterizedTest
  @ValueSource(shorts = {0, 1, 2, 3, 4})
  void apiVersionsSaysWhatTheTableServes(short version) throws Exception {
    try (var server = new TestServer(BEATS, PRODUCES);
        var peer = server.connect()) {
      var response =
          (ApiVersionsResponse) peer.ask(new ApiVersionsRequest.Builder().build(version));
      assertThat(response.data().apiKeys())
          .containsExactlyInAnyOrder(
              served(ApiKeys.PRODUCE, 0, 13),
              served(ApiKeys.HEARTBEAT, 1, 4),
              served(ApiKeys.API_VERSIONS, 0, 4));
      assertThat(response.data().finalizedFeatures()).isEmpty();
      assertThat(response.data().supportedFeatures()).hasSize(version < 4 ? 0 : 1);
    }
  }

  @Test
  void aClientWithoutAProperNameIsRefused() throws Exception {
    try (var server = new TestServer(BEATS);
        var peer = server.connect()) {
      var request = new ApiVersionsRequest.Builder().build((short) 3);
      request.data().setClientSoftwareName("-no name-");
      assertThat(peer.ask(request).errorCounts()).containsOnlyKeys(Errors.INVALID_REQUEST);
    }
  }

  @Test
  void anApiStandsInTheTableOnce() {
    assertThatThrownBy(() -> RequestTable.of(BEATS, BEATS)).hasMessageContaining("twice");
  }

  @Test
  void aRowOfVersionsThatKafkaDoesNotKnowIsRefused() {
    assertThatThrownBy(() -> Route.route(ApiKeys.HEARTBEAT, 0, 5, Order.PIPELINED, Requests::beat))
        .hasMessageContaining("0 to 4");
    assertThatThrownBy(() -> Route.route(ApiKeys.HEARTBEAT, 3, 2, Order.PIPELINED, Requests::beat))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSettingOutOfItsBoundsSaysItsKeyAndWhatIsAllowed() {
    assertThatThrownBy(() -> new WireSettings.Frames(100, 8, 1))
        .hasMessage("frame.bytes-max = 100: must be from 1024 to 1073741824");
  }

  private static ApiVersion served(ApiKeys api, int min, int max) {
    return new ApiVersion().setApiKey(api.id).setMinVersion((short) min).setMaxVersion((short) max);
  }
}
