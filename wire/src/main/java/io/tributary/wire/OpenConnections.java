package io.tributary.wire;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a server, and how many there may be. One address too many is closed; when the
 * process has as many as it may, nothing is accepted, and clients wait in the operating system's
 * queue.
 */
final class OpenConnections {
  private final WireSettings.Connections settings;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();
  // Once closed it closes whatever is still added, so that no connection outlives the server.
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  OpenConnections(WireSettings.Connections settings) {
    this.settings = settings;
  }

  void addListener(Channel listener) {
    listeners.add(listener);
    acceptOrNot();
  }

  int count() {
    return open.get();
  }

  long idleMs() {
    return settings.idleMs();
  }

  ChannelGroup channels() {
    return channels;
  }

  /** Whether the connection may stay; if so, it is counted until it ends. */
  boolean admit(Channel channel, InetAddress address) {
    int fromAddress = openByAddress.merge(address, 1, Integer::sum);
    if (fromAddress > settings.perAddressMax()) {
      forget(address);
      return false;
    }
    open.incrementAndGet();
    acceptOrNot();
    channels.add(channel);
    channel.closeFuture().addListener(_ -> leave(address));
    return true;
  }

  private void leave(InetAddress address) {
    forget(address);
    open.decrementAndGet();
    acceptOrNot();
  }

  private void forget(InetAddress address) {
    openByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  private void acceptOrNot() {
    for (Channel listener : listeners) {
      // On the listener's loop, and looking again there: the last one to look is right.
      listener
          .eventLoop()
          .execute(() -> listener.config().setAutoRead(open.get() < settings.max()));
    }
  }
}
