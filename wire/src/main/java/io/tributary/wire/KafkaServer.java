package io.tributary.wire;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Serves a {@link RequestTable} to Kafka clients. Built, started and stopped by the node. */
public final class KafkaServer {
  private static final int ACCEPT_QUEUE_MAX = 1024;
  private static final WriteBufferWaterMark WATERMARK =
      new WriteBufferWaterMark(AnswerWriter.PIECE_BYTES, 4 * AnswerWriter.PIECE_BYTES);

  private final WireSettings settings;
  private final RequestTable table;
  private final WireMetrics metrics;
  private final OpenConnections connections;
  private final MemoryBudget recordBudget;
  private final MemoryBudget smallBudget;
  private final EventLoopGroup loops;
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  public KafkaServer(WireSettings settings, RequestTable table, WireMetrics metrics) {
    this.settings = settings;
    this.table = table;
    this.metrics = metrics;
    this.connections = new OpenConnections(settings.connections());
    this.recordBudget = new MemoryBudget(settings.memory().recordBytesMax());
    this.smallBudget = new MemoryBudget(settings.memory().smallBytesMax());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            settings.eventLoopThreads(), new DefaultThreadFactory("wire"), ioHandlerFactory());
  }

  /**
   * Opens a listener; may be called once for each.
   *
   * @param address port 0 takes a free one
   * @return the address that clients can connect to
   * @throws UncheckedIOException the address cannot be bound
   */
  public InetSocketAddress start(String listenerName, InetSocketAddress address) {
    Refusals refusals = new Refusals(metrics, loops.ticker());
    ConnectionPipeline pipeline =
        new ConnectionPipeline(
            listenerName,
            new FrameRules(table, settings.frames(), recordBudget, smallBudget, refusals),
            new ServerRules(settings.connections().inFlightMax(), metrics, refusals),
            connections);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(serverChannel())
            .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE_MAX)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
            .childHandler(pipeline)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new UncheckedIOException(new IOException("cannot listen on " + address, bound.cause()));
    }
    listeners.add(bound.channel());
    connections.addListener(bound.channel());
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /**
   * Stops accepting and reading at once, answers what is in flight for at most {@code grace}, then
   * closes every connection. Idempotent.
   */
  public CompletionStage<Void> stop(Duration grace) {
    if (!stopping.compareAndSet(false, true)) {
      return stopped;
    }
    listeners.forEach(Channel::close);
    for (Channel connection : connections.channels()) {
      connection
          .eventLoop()
          .execute(
              () ->
                  connection
                      .pipeline()
                      .fireUserEventTriggered(new RequestDispatcher.FinishAndClose()));
    }
    var deadline =
        GlobalEventExecutor.INSTANCE.schedule(
            () -> connections.channels().close(), grace.toMillis(), TimeUnit.MILLISECONDS);
    connections
        .channels()
        .newCloseFuture()
        .addListener(
            _ -> {
              deadline.cancel(false);
              loops
                  .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                  .addListener(_ -> stopped.complete(null));
            });
    return stopped;
  }

  /** Of this moment. */
  public int openConnections() {
    return connections.count();
  }

  /** What requests of {@code memory} hold at this moment. */
  public long memoryTakenBytes(MemoryClass memory) {
    return switch (memory) {
      case RECORDS -> recordBudget.takenBytes();
      case SMALL -> smallBudget.takenBytes();
    };
  }

  private static IoHandlerFactory ioHandlerFactory() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  private static Class<? extends ServerChannel> serverChannel() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }
}
