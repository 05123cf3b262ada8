package io.tributary.wire;

import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request from its dispatch until its answer is on the socket. */
final class Exchange implements RequestContext {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** What becomes of a request. */
  sealed interface Answer {
    record Message(Send send) implements Answer {}

    record Nothing() implements Answer {}

    /** The client cannot be told otherwise that something went wrong. */
    record Hangup() implements Answer {}
  }

  private final ConnectionFacts connection;
  private final ParsedRequest request;
  private final Frame frame;
  private final long arrivedNanos;
  private boolean frameKept;
  private @Nullable Answer answer;
  private @Nullable Runnable onDisconnect;
  private boolean disconnected;

  Exchange(ConnectionFacts connection, ParsedRequest request, Frame frame, long arrivedNanos) {
    this.connection = connection;
    this.request = request;
    this.frame = frame;
    this.arrivedNanos = arrivedNanos;
  }

  /** Calls the handler; the stage fails where the handler throws. */
  CompletionStage<AbstractResponse> dispatch() {
    try {
      return Objects.requireNonNull(
          frame.route().handler().handle(this, request.body()), "no stage");
    } finally {
      if (!frameKept) {
        frame.releaseBytes();
      }
    }
  }

  Order order() {
    return frame.route().order();
  }

  boolean isAnswered() {
    return answer != null;
  }

  Answer answer() {
    return Objects.requireNonNull(answer);
  }

  WireMetrics.RequestFigures figures(long nowNanos, long answerBytes) {
    return new WireMetrics.RequestFigures(
        nowNanos - arrivedNanos, frame.sizeInBytes(), answerBytes);
  }

  /** The handler is done: with a response, or with a failure. */
  void complete(@Nullable AbstractResponse response, @Nullable Throwable failure) {
    frame.releaseBytes();
    onDisconnect = null;
    answer = failure == null && response != null ? answerOf(response) : failed(failure);
  }

  /** The connection has ended before the answer; the handler may still look at the frame. */
  void disconnected() {
    disconnected = true;
    Runnable task = onDisconnect;
    onDisconnect = null;
    if (task != null) {
      task.run();
    }
  }

  /** Gives the memory back, but for what the handler asked to keep. Called once. */
  void end() {
    frame.end();
  }

  private Answer answerOf(AbstractResponse response) {
    try {
      return toAnswer(response);
    } catch (RuntimeException unwritable) {
      return failed(unwritable);
    }
  }

  private Answer failed(@Nullable Throwable failure) {
    Throwable cause =
        failure == null ? new IllegalStateException("no response") : unwrapped(failure);
    if (Errors.forException(cause) == Errors.UNKNOWN_SERVER_ERROR) {
      log.atError()
          .addKeyValue("api", request.header().apiKey().name)
          .addKeyValue("version", request.header().apiVersion())
          .addKeyValue("client", request.header().clientId())
          .setCause(cause)
          .log("request failed");
    }
    try {
      AbstractResponse response = request.body().getErrorResponse(0, cause);
      return response == null ? new Answer.Hangup() : toAnswer(response);
    } catch (RuntimeException unanswerable) {
      log.atError()
          .addKeyValue("api", request.header().apiKey().name)
          .setCause(unanswerable)
          .log("error answer failed");
      return new Answer.Hangup();
    }
  }

  private Answer toAnswer(AbstractResponse response) {
    if (request.wantsNoAnswer()) {
      boolean failed =
          response.errorCounts().keySet().stream().anyMatch(error -> error != Errors.NONE);
      return failed ? new Answer.Hangup() : new Answer.Nothing();
    }
    return new Answer.Message(
        response.toSend(request.header().toResponseHeader(), request.answerVersion()));
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  @Override
  public RequestHeader header() {
    return request.header();
  }

  @Override
  public long connectionId() {
    return connection.id();
  }

  @Override
  public InetAddress clientAddress() {
    return connection.clientAddress();
  }

  @Override
  public String listenerName() {
    return connection.listenerName();
  }

  @Override
  public KafkaPrincipal principal() {
    return KafkaPrincipal.ANONYMOUS;
  }

  @Override
  public ScheduledExecutorService eventLoop() {
    return connection.eventLoop();
  }

  @Override
  public void onDisconnect(Runnable task) {
    if (!connection.eventLoop().inEventLoop()) {
      connection.eventLoop().execute(() -> onDisconnect(task));
    } else if (disconnected) {
      task.run();
    } else {
      onDisconnect = task;
    }
  }

  @Override
  public void keepFrame() {
    frameKept = true;
  }

  @Override
  public void releaseFrame() {
    frame.releaseBytes();
  }

  @Override
  public void keepMemoryUntil(CompletionStage<?> done) {
    frame.keepMemoryUntil(done);
  }
}
