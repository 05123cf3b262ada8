package io.tributary.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** The other end of a connection: says what a test wants to be said, byte by byte. */
final class Peer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;
  private final DataInputStream in;
  private int nextCorrelationId = 1;

  Peer(InetSocketAddress server) throws IOException {
    this(server, 0);
  }

  /**
   * @param receiveBufferBytes 0 leaves it to the system
   */
  Peer(InetSocketAddress server, int receiveBufferBytes) throws IOException {
    socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(server);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    in = new DataInputStream(socket.getInputStream());
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Header of the request sent, to parse its answer with. */
  RequestHeader send(AbstractRequest request) throws IOException {
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), "peer", nextCorrelationId++);
    send(framed(header, request));
    return header;
  }

  static byte[] framed(RequestHeader header, AbstractRequest request) {
    ByteBuffer message = request.serializeWithHeader(header);
    return ByteBuffer.allocate(4 + message.remaining())
        .putInt(message.remaining())
        .put(message)
        .array();
  }

  ByteBuffer receive() throws IOException {
    byte[] message = new byte[in.readInt()];
    in.readFully(message);
    return ByteBuffer.wrap(message);
  }

  AbstractResponse receive(RequestHeader header) throws IOException {
    return AbstractResponse.parseResponse(receive(), header);
  }

  AbstractResponse ask(AbstractRequest request) throws IOException {
    return receive(send(request));
  }

  /** Waits until the server hangs up; whatever comes before is thrown away. */
  boolean isHungUp() throws IOException {
    try {
      while (in.read() >= 0) {
        // Answers to earlier requests.
      }
      return true;
    } catch (EOFException | SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    if (socket.isClosed()) {
      return;
    }
    // Reset rather than linger: tests open thousands of connections.
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
