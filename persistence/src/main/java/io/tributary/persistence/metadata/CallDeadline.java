package io.tributary.persistence.metadata;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends every call that waits for one answer after some time. Streams (watches) have no end. */
record CallDeadline(Duration deadline) implements ClientInterceptor {
  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    boolean isUnary = method.getType() == MethodDescriptor.MethodType.UNARY;
    return next.newCall(
        method,
        isUnary ? options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS) : options);
  }
}
