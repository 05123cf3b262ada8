package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.protocol.ApiKeys;

class FrameReaderTest {
  private static final RequestTable TABLE =
      RequestTable.of(
          Route.route(ApiKeys.PRODUCE, 3, 13, Order.PIPELINED, Requests::produced)
              .carryingRecords(),
          Route.route(ApiKeys.HEARTBEAT, 0, 4, Order.PIPELINED, Requests::beat));

  @Property(tries = 300)
  void anySplitOfTheByteStreamGivesTheSameFrames(@ForAll long seed) {
    var random = new Random(seed);
    var budget = new MemoryBudget(1 << 20);
    var refusals = new Refusals(WireMetrics.NONE, io.netty.util.concurrent.Ticker.systemTicker());
    var rules = new FrameRules(TABLE, WireSettings.Frames.DEFAULT, budget, budget, refusals);
    var channel = new EmbeddedChannel();
    var reader = new FrameReader(rules, new ReadGate(channel));
    channel.pipeline().addLast(reader);

    List<byte[]> sent = new ArrayList<>();
    var stream = new ByteArrayOutputStream();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      byte[] frame = frame(random);
      sent.add(frame);
      stream.writeBytes(ByteBuffer.allocate(4).putInt(frame.length).array());
      stream.writeBytes(frame);
    }
    List<byte[]> received = new ArrayList<>();
    byte[] bytes = stream.toByteArray();
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, pieceBytes(random));
      if (random.nextBoolean()) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, count));
      } else {
        // As the socket does it: straight into the buffer that the reader lends.
        ByteBuf lent = reader.lend(channel.alloc());
        count = Math.min(count, lent.writableBytes());
        channel.writeInbound(lent.writeBytes(bytes, at, count));
      }
      at += count;
      collect(channel, received);
    }
    assertThat(received).containsExactlyElementsOf(sent);
    assertThat(budget.takenBytes()).isZero();
    channel.finishAndReleaseAll();
  }

  private static void collect(EmbeddedChannel channel, List<byte[]> received) {
    for (Frame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      byte[] copy = new byte[frame.sizeInBytes()];
      frame.view().get(copy);
      received.add(copy);
      frame.end();
    }
  }

  private static int pieceBytes(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1;
      case 1 -> random.nextInt(1, 20);
      case 2 -> random.nextInt(1, 10_000);
      default -> random.nextInt(1, 400_000);
    };
  }

  private static byte[] frame(Random random) {
    int size =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(8, 40);
          case 1 -> FrameReader.SCRATCH_BYTES + random.nextInt(-10, 10);
          case 2 -> random.nextInt(8, 60_000);
          default -> random.nextInt(8, 500_000);
        };
    byte[] frame = new byte[size];
    random.nextBytes(frame);
    ApiKeys api = random.nextBoolean() ? ApiKeys.PRODUCE : ApiKeys.HEARTBEAT;
    ByteBuffer.wrap(frame).putShort(api.id).putShort((short) 4);
    return frame;
  }
}
