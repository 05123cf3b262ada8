package io.tributary.node.groups;

import io.tributary.wire.RequestContext;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A request of one version of one API, from nowhere in particular. */
record FakeRequestContext(ApiKeys api, int version) implements RequestContext {
  @Override
  public RequestHeader header() {
    return new RequestHeader(api, (short) version, "client", 1);
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
    throw new UnsupportedOperationException("group handlers do not wait on the connection");
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
