package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {
  private TestServer server;
  private Peer bystander;

  @BeforeEach
  void start() throws IOException {
    server =
        new TestServer(
            Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, Requests::produced)
                .carryingRecords(),
            Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, Requests::beat));
    bystander = server.connect();
  }

  @AfterEach
  void everybodyElseIsStillServed() throws Exception {
    assertThat(bystander.ask(Requests.heartbeat("abc")).throttleTimeMs()).isEqualTo(3);
    bystander.close();
    server.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("negative length and nothing more", new byte[] {-1, -1, -1, -1}),
        Arguments.of("huge length and nothing more", new byte[] {127, -1, -1, -1}),
        Arguments.of("negative length", head(-1, ApiKeys.HEARTBEAT.id, 4)),
        Arguments.of("smallest length", head(Integer.MIN_VALUE, ApiKeys.HEARTBEAT.id, 4)),
        Arguments.of("huge length", head(Integer.MAX_VALUE, ApiKeys.PRODUCE.id, 9)),
        Arguments.of("just too long", head((100 << 20) + 1, ApiKeys.PRODUCE.id, 9)),
        Arguments.of("too long for a small request", head((8 << 20) + 1, ApiKeys.HEARTBEAT.id, 4)),
        Arguments.of("zero length", head(0, ApiKeys.HEARTBEAT.id, 4)),
        Arguments.of("no room for a header", head(7, ApiKeys.HEARTBEAT.id, 4)),
        Arguments.of("negative API key", head(100, -1, 0)),
        Arguments.of("unheard-of API key", head(100, 32_000, 0)),
        Arguments.of("API that is not served", head(100, ApiKeys.METADATA.id, 9)),
        Arguments.of("version from the future", head(100, ApiKeys.HEARTBEAT.id, 99)),
        Arguments.of("negative version", head(100, ApiKeys.HEARTBEAT.id, -1)),
        Arguments.of("Produce 2", head(100, ApiKeys.PRODUCE.id, 2)),
        Arguments.of("header that ends early", message(ApiKeys.HEARTBEAT.id, 4, 0, 0, 0, 1, 0)),
        Arguments.of(
            "client id longer than the frame",
            message(ApiKeys.HEARTBEAT.id, 4, 0, 0, 0, 1, 0x7f, 0xff, 'a')),
        Arguments.of(
            "array longer than the frame",
            message(
                ApiKeys.PRODUCE.id,
                3,
                0,
                0,
                0,
                1,
                0,
                0,
                255,
                255,
                0,
                1,
                0,
                0,
                0,
                9,
                127,
                255,
                255,
                255)),
        Arguments.of(
            "tag longer than the frame",
            message(ApiKeys.HEARTBEAT.id, 4, 0, 0, 0, 1, 0, 0, 1, 5, 255, 255, 255, 255, 7)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatIsNoRequestClosesItsConnection(String what, byte[] bytes) throws Exception {
    try (var peer = server.connect()) {
      peer.send(bytes);
      assertThat(peer.isHungUp()).as(what).isTrue();
    }
    nothingIsHeld();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBytesCostTheirOwnConnectionAndNothingElse(long seed) throws Exception {
    var random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      byte[] body = new byte[random.nextInt(1, 3000)];
      random.nextBytes(body);
      short key = random.nextBoolean() ? ApiKeys.PRODUCE.id : ApiKeys.HEARTBEAT.id;
      byte[] start = head(body.length + 4, key, random.nextInt(3, 5));
      byte[] bytes = i % 2 == 0 ? body : Arrays.copyOf(start, start.length + body.length);
      if (i % 2 == 1) {
        System.arraycopy(body, 0, bytes, start.length, body.length);
      }
      try (var peer = server.connect()) {
        peer.send(bytes);
      } catch (SocketException hungUpEarly) {
        // As it should.
      }
    }
    nothingIsHeld();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 8, 9, 20})
  void aFrameThatIsCutOffLeavesNothingBehind(int bytes) throws Exception {
    var request = Requests.produce((short) 1, 50_000);
    var header = new RequestHeader(ApiKeys.PRODUCE, request.version(), "peer", 1);
    try (var peer = server.connect()) {
      peer.send(Arrays.copyOf(Peer.framed(header, request), bytes * 1000 / 2));
    }
    nothingIsHeld();
  }

  @Test
  void anUnknownVersionOfApiVersionsIsAnsweredInVersionZero() throws Exception {
    try (var peer = server.connect()) {
      peer.send(message(ApiKeys.API_VERSIONS.id, 99, 0, 0, 0, 5, 255, 255, 0));
      ByteBuffer answer = peer.receive();
      assertThat(answer.getInt()).as("correlation id").isEqualTo(5);
      assertThat(answer.getShort()).as("UNSUPPORTED_VERSION").isEqualTo((short) 35);
      assertThat(answer.getInt()).as("one API").isEqualTo(1);
      assertThat(answer.getShort()).isEqualTo(ApiKeys.API_VERSIONS.id);
      assertThat(answer.getShort()).isEqualTo((short) 0);
      assertThat(answer.getShort()).isEqualTo((short) 4);
      assertThat(answer.hasRemaining()).isFalse();
      assertThat(peer.ask(new ApiVersionsRequest.Builder().build((short) 3)).errorCounts())
          .containsOnlyKeys(org.apache.kafka.common.protocol.Errors.NONE);
    }
  }

  private void nothingIsHeld() {
    await()
        .untilAsserted(
            () -> {
              assertThat(server.server.memoryTakenBytes(MemoryClass.RECORDS)).isZero();
              assertThat(server.server.memoryTakenBytes(MemoryClass.SMALL)).isZero();
              assertThat(server.server.openConnections()).isEqualTo(1);
            });
  }

  private static byte[] head(int length, int key, int version) {
    return ByteBuffer.allocate(8)
        .putInt(length)
        .putShort((short) key)
        .putShort((short) version)
        .array();
  }

  private static byte[] message(int key, int version, int... rest) {
    ByteBuffer message = ByteBuffer.allocate(8 + rest.length);
    message.putInt(4 + rest.length).putShort((short) key).putShort((short) version);
    for (int value : rest) {
      message.put((byte) value);
    }
    return message.array();
  }
}
