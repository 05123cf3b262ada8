package io.tributary.persistence.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A loopback port that leads to another one, and loses answers on demand: the server does what it
 * was asked, and whoever asked never learns.
 */
public final class FaultyLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean losesAnswers;
  private final AtomicLong lostBytes = new AtomicLong();

  public FaultyLink(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** From now on what the server answers goes nowhere. */
  public void loseAnswers() {
    lostBytes.set(0);
    losesAnswers = true;
  }

  /** How many bytes of answers were lost since {@link #loseAnswers}. */
  public long lostBytes() {
    return lostBytes.get();
  }

  /** Breaks the connections there are; new ones work. */
  public void reset() {
    open.forEach(FaultyLink::closeQuietly);
    losesAnswers = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.startVirtualThread(() -> connect(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      Thread.startVirtualThread(() -> copy(server, client, true));
      copy(client, server, false);
    } catch (IOException _) {
      // The target is away: whoever connected sees the end of the connection.
      closeQuietly(client);
    }
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        if (isAnswer && losesAnswers) {
          lostBytes.addAndGet(count);
        } else {
          output.write(buffer, 0, count);
        }
      }
    } catch (IOException _) {
      // One side has gone; the other one goes as well.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(FaultyLink::closeQuietly);
  }
}
