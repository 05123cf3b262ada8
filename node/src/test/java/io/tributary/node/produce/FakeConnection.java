package io.tributary.node.produce;

import io.tributary.wire.RequestContext;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A client's connection with an event loop of its own, and what was done with its frames. */
final class FakeConnection implements AutoCloseable {
  private static final AtomicInteger CONNECTIONS = new AtomicInteger();

  final ScheduledExecutorService eventLoop = Executors.newSingleThreadScheduledExecutor();
  final AtomicInteger framesKept = new AtomicInteger();
  final AtomicInteger framesReleased = new AtomicInteger();
  final AtomicInteger memoryKept = new AtomicInteger();
  final AtomicInteger memoryReleased = new AtomicInteger();
  private final long id = CONNECTIONS.incrementAndGet();

  RequestContext request(ApiKeys api, short version) {
    return new Context(new RequestHeader(api, version, "test", 1));
  }

  @Override
  public void close() {
    eventLoop.shutdownNow();
  }

  private final class Context implements RequestContext {
    private final RequestHeader header;

    Context(RequestHeader header) {
      this.header = header;
    }

    @Override
    public RequestHeader header() {
      return header;
    }

    @Override
    public long connectionId() {
      return id;
    }

    @Override
    public InetAddress clientAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public String listenerName() {
      return "test";
    }

    @Override
    public KafkaPrincipal principal() {
      return KafkaPrincipal.ANONYMOUS;
    }

    @Override
    public ScheduledExecutorService eventLoop() {
      return eventLoop;
    }

    @Override
    public void onDisconnect(Runnable task) {}

    @Override
    public void keepFrame() {
      framesKept.incrementAndGet();
    }

    @Override
    public void releaseFrame() {
      framesReleased.incrementAndGet();
    }

    @Override
    public void keepMemoryUntil(CompletionStage<?> done) {
      memoryKept.incrementAndGet();
      done.whenComplete((_, _) -> memoryReleased.incrementAndGet());
    }
  }
}
