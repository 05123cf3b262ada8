package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class SlowReaderTest {
  private static final int SLICES = 400;

  private final byte[] records = new byte[20 << 20];
  private final AtomicInteger dispatched = new AtomicInteger();

  SlowReaderTest() {
    new Random(1).nextBytes(records);
  }

  private Route fetch(Order order) {
    Handler<FetchRequest, FetchResponse> handler =
        (_, _) -> {
          dispatched.incrementAndGet();
          return CompletableFuture.completedFuture(answer());
        };
    return Route.route(ApiKeys.FETCH, 4, 18, order, handler);
  }

  private FetchResponse answer() {
    var partition = new FetchResponseData.PartitionData().setRecords(gathered(records));
    var topic =
        new FetchResponseData.FetchableTopicResponse()
            .setTopicId(Uuid.ONE_UUID)
            .setPartitions(List.of(partition));
    return FetchResponse.of(new FetchResponseData().setResponses(List.of(topic)));
  }

  private static GatheredRecords gathered(byte[] records) {
    List<ByteBuffer> slices = new ArrayList<>();
    var random = new Random(2);
    for (int at = 0; at < records.length; ) {
      int count =
          slices.size() == SLICES
              ? records.length - at
              : random.nextInt(0, Math.min(100_000, records.length - at + 1));
      slices.add(ByteBuffer.wrap(records, at, count).asReadOnlyBuffer());
      at += count;
    }
    return new GatheredRecords(slices);
  }

  private static FetchRequest request() {
    return FetchRequest.Builder.forConsumer((short) 13, 500, 1, java.util.Map.of())
        .build((short) 13);
  }

  @Test
  void gatheredRecordsArriveAsOnePiece() throws Exception {
    try (var server = new TestServer(fetch(Order.IN_ORDER));
        var peer = server.connect()) {
      for (int i = 0; i < 3; i++) {
        FetchResponse response = (FetchResponse) peer.ask(request());
        var partition = response.data().responses().get(0).partitions().get(0);
        assertThat(((MemoryRecords) partition.records()).buffer())
            .isEqualTo(ByteBuffer.wrap(records));
      }
    }
  }

  @Test
  void whoDoesNotReadItsAnswersIsNotReadAndCostsLittle() throws Exception {
    try (var server = new TestServer(fetch(Order.PIPELINED));
        var slow = new Peer(server.address, 4096);
        var other = server.connect()) {
      List<RequestHeader> sent = new ArrayList<>();
      long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
      for (int i = 0; i < 30; i++) {
        sent.add(slow.send(request()));
      }
      await().untilAsserted(() -> assertThat(dispatched).hasPositiveValue());
      assertThat(other.ask(request()).errorCounts()).isNotEmpty();
      assertThat(dispatched).as("the slow one's first and the other's").hasValueLessThan(4);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
          .as("no answer is copied ahead of its reader")
          .isLessThan(16 << 20);
      for (int i = 0; i < 3; i++) {
        assertThat(slow.receive(sent.get(i)).errorCounts()).isNotEmpty();
      }
    }
  }
}
