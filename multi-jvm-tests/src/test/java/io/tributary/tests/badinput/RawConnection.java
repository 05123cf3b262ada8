package io.tributary.tests.badinput;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/** A connection that sends whatever it is told to. */
final class RawConnection implements AutoCloseable {
  private static final int ANSWER_MAX_MS = 20_000;

  private final Socket socket;

  RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(ANSWER_MAX_MS);
  }

  /** Sends bytes as they are, without a length before them. */
  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void sendFrame(byte[] frame) throws IOException {
    send(ByteBuffer.allocate(4 + frame.length).putInt(frame.length).put(frame).array());
  }

  /** No more bytes will come. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** One answer without its length, or nothing if the broker closed the connection. */
  Optional<ByteBuffer> receive() throws IOException {
    try {
      DataInputStream input = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[input.readInt()];
      input.readFully(answer);
      return Optional.of(ByteBuffer.wrap(answer));
    } catch (EOFException | SocketException _) {
      return Optional.empty();
    }
  }

  /** A request as Kafka writes it: header and body, without the length before them. */
  static byte[] request(ApiKeys api, short version, Message body) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(1)
            .setClientId("bad-input");
    ByteBuffer head = written(header, api.requestHeaderVersion(version));
    ByteBuffer rest = written(body, version);
    return ByteBuffer.allocate(head.remaining() + rest.remaining()).put(head).put(rest).array();
  }

  private static ByteBuffer written(Message message, short version) {
    return MessageUtil.toByteBufferAccessor(message, version).buffer();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
