package io.tributary.wire;

import java.net.InetAddress;
import java.util.concurrent.Executor;

/** What stays the same as long as a connection lives. */
record ConnectionFacts(
    long id, InetAddress clientAddress, String listenerName, Executor eventLoop) {}
