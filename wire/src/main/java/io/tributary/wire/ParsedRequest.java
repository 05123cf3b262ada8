package io.tributary.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Header and body of one frame. The body's records are views into the frame. */
record ParsedRequest(RequestHeader header, AbstractRequest body) {
  // A client id has at most 32,767 bytes; what else stands in a header is a few bytes, and tags
  // that we do not know.
  private static final int HEADER_BYTES_MAX = 34 << 10;

  /**
   * @throws InvalidFrame the bytes are not what header and API key promise
   */
  static ParsedRequest parse(ByteBuffer frame) throws InvalidFrame {
    ByteBuffer head = frame.duplicate();
    head.limit(Math.min(frame.limit(), frame.position() + HEADER_BYTES_MAX));
    try {
      RequestHeader header = RequestHeader.parse(head);
      if (header.apiKey() == ApiKeys.API_VERSIONS && !header.isApiVersionSupported()) {
        return new ParsedRequest(
            header,
            new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0, header.apiVersion()));
      }
      frame.position(head.position());
      AbstractRequest body =
          AbstractRequest.parseRequest(
                  header.apiKey(), header.apiVersion(), new BoundedArrays(frame))
              .request;
      return new ParsedRequest(header, body);
    } catch (RuntimeException malformed) {
      // Kafka's generated code throws many kinds; all of them mean the bytes.
      throw new InvalidFrame(malformed.toString(), malformed);
    }
  }

  /**
   * Kafka's generated code makes room for as many elements as an array announces, up to the bytes
   * that remain: up to a gigabyte for a frame that may be read. No request of a sane client has an
   * array this long.
   */
  private static final class BoundedArrays extends ByteBufferAccessor {
    private static final int ELEMENTS_MAX = 1_000_000;

    BoundedArrays(ByteBuffer frame) {
      super(frame);
    }

    @Override
    public int remaining() {
      return Math.min(super.remaining(), ELEMENTS_MAX);
    }
  }

  /** Produce with {@code acks=0}: the client does not wait for an answer and must not get one. */
  boolean wantsNoAnswer() {
    return body instanceof ProduceRequest produce && produce.acks() == 0;
  }

  /** The version that the answer is written in. */
  short answerVersion() {
    return body.version();
  }
}
