package io.tributary.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pipeline of one listener's connections, in the order bytes go through it: idle time-out,
 * frames, requests.
 */
final class ConnectionPipeline extends ChannelInitializer<Channel> {
  private static final AtomicLong CONNECTION_IDS = new AtomicLong();

  private final String listenerName;
  private final FrameRules frameRules;
  private final ServerRules serverRules;
  private final OpenConnections connections;

  ConnectionPipeline(
      String listenerName,
      FrameRules frameRules,
      ServerRules serverRules,
      OpenConnections connections) {
    this.listenerName = listenerName;
    this.frameRules = frameRules;
    this.serverRules = serverRules;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close();
      return;
    }
    InetAddress address = remote.getAddress();
    if (!connections.admit(channel, address)) {
      serverRules.refusals().connectionRefused(channel, "too many from this address");
      channel.close();
      return;
    }
    var facts =
        new ConnectionFacts(
            CONNECTION_IDS.incrementAndGet(), address, listenerName, channel.eventLoop());
    var gate = new ReadGate(channel);
    var frames = new FrameReader(frameRules, gate);
    channel.config().setRecvByteBufAllocator(new DirectReceive(frames));
    channel
        .pipeline()
        .addLast(new IdleStateHandler(true, 0, 0, connections.idleMs(), TimeUnit.MILLISECONDS))
        .addLast(new IdleClose())
        .addLast(frames)
        .addLast(new RequestDispatcher(facts, gate, serverRules, new AnswerWriter(channel)));
  }

  /** Closes what has not moved for {@code connections.idle-ms}. */
  private static final class IdleClose extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof IdleStateEvent) {
        ctx.close();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }
  }
}
