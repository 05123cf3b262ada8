package io.tributary.node.fetch;

import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A connection without a socket: one thread as event loop, and a client that may go away. */
final class FakeConnection implements RequestContext, AutoCloseable {
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private Runnable onDisconnect = () -> {};

  /** The answer, read back from its bytes by {@code version} where the caller wants that. */
  <Q extends AbstractRequest, A extends AbstractResponse> CompletableFuture<A> send(
      Handler<Q, A> handler, Q request) {
    return CompletableFuture.supplyAsync(() -> handler.handle(this, request), loop)
        .thenCompose(stage -> stage);
  }

  static <A> A answer(CompletableFuture<A> stage) {
    try {
      return stage.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException failure) {
      throw new CompletionException(failure);
    }
  }

  void disconnect() {
    loop.execute(() -> onDisconnect.run());
  }

  @Override
  public RequestHeader header() {
    return new RequestHeader(ApiKeys.FETCH, ApiKeys.FETCH.latestVersion(), "client", 1);
  }

  @Override
  public long connectionId() {
    return 1;
  }

  @Override
  public InetAddress clientAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public String listenerName() {
    return "PLAINTEXT";
  }

  @Override
  public KafkaPrincipal principal() {
    return KafkaPrincipal.ANONYMOUS;
  }

  @Override
  public ScheduledExecutorService eventLoop() {
    return loop;
  }

  @Override
  public void onDisconnect(Runnable task) {
    onDisconnect = task;
  }

  @Override
  public void keepFrame() {}

  @Override
  public void releaseFrame() {}

  @Override
  public void keepMemoryUntil(CompletionStage<?> done) {}

  @Override
  public void close() {
    loop.shutdownNow();
  }
}
