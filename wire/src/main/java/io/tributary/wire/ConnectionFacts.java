package io.tributary.wire;

import io.netty.channel.EventLoop;
import java.net.InetAddress;

/** What stays the same as long as a connection lives. */
record ConnectionFacts(
    long id, InetAddress clientAddress, String listenerName, EventLoop eventLoop) {}
