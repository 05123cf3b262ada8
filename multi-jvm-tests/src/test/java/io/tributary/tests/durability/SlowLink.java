package io.tributary.tests.durability;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A loopback port that leads to another one, whose answers arrive late. It slows nothing else down:
 * any number of answers may be on their way.
 */
final class SlowLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Bytes on their way; no bytes are the end of the connection. */
  private record Arriving(byte[] bytes, long atNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(atNanos, ((Arriving) other).atNanos);
    }
  }

  private final ServerSocket listener;
  private final int target;
  private final long delayNanos;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  SlowLink(int target, long delayMs) {
    this.target = target;
    this.delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMs);
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        DelayQueue<Arriving> answers = new DelayQueue<>();
        Thread.startVirtualThread(() -> pass(client, server));
        Thread.startVirtualThread(() -> delay(server, answers));
        Thread.startVirtualThread(() -> deliver(answers, client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One side has gone; the other one goes as well.
    }
  }

  private void delay(Socket server, DelayQueue<Arriving> answers) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (server) {
      InputStream input = server.getInputStream();
      for (int count = input.read(buffer); count > 0; count = input.read(buffer)) {
        byte[] bytes = Arrays.copyOf(buffer, count);
        answers.add(new Arriving(bytes, System.nanoTime() + delayNanos));
      }
    } catch (IOException _) {
      // The end of the connection is passed on below.
    }
    answers.add(new Arriving(new byte[0], System.nanoTime() + delayNanos));
  }

  private static void deliver(DelayQueue<Arriving> answers, Socket client) {
    try (client) {
      OutputStream output = client.getOutputStream();
      for (byte[] bytes = answers.take().bytes();
          bytes.length > 0;
          bytes = answers.take().bytes()) {
        output.write(bytes);
      }
    } catch (IOException _) {
      // The client has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
