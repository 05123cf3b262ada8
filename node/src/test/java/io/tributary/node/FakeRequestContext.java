package io.tributary.node;

import io.tributary.wire.RequestContext;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A request that came over no connection, for handlers that only look at its body. */
public record FakeRequestContext(RequestHeader header) implements RequestContext {
  public static FakeRequestContext of(ApiKeys api, short version) {
    return new FakeRequestContext(new RequestHeader(api, version, "a-test", 1));
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
    throw new UnsupportedOperationException("there is no connection");
  }

  @Override
  public void onDisconnect(Runnable task) {}

  @Override
  public void keepFrame() {}

  @Override
  public void releaseFrame() {}

  @Override
  public void keepMemoryUntil(CompletionStage<?> done) {}
}
