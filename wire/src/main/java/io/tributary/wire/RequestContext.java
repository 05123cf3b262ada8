package io.tributary.wire;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** What a handler may know of the request besides its body, and do with its frame. */
public interface RequestContext {
  RequestHeader header();

  /** Unique among the connections of this process. */
  long connectionId();

  InetAddress clientAddress();

  String listenerName();

  KafkaPrincipal principal();

  /** The connection's event loop: also its timer, for answers that wait. */
  ScheduledExecutorService eventLoop();

  /**
   * Runs {@code task} on the connection's event loop if the connection ends before this request is
   * answered: what only waits may be dropped. Forgotten with the answer; the last task given
   * counts.
   */
  void onDisconnect(Runnable task);

  /** Keeps the frame's bytes readable after {@link Handler#handle} has returned. */
  void keepFrame();

  /** Frees the frame's bytes before the answer; views into it must not be touched any more. */
  void releaseFrame();

  /**
   * Keeps the request's share of the memory budget taken until {@code done}, also past the answer:
   * for bytes that the handler copied and that stay in memory (an upload that outlasts its
   * request).
   */
  void keepMemoryUntil(CompletionStage<?> done);
}
