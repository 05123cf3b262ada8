package io.tributary.tests.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.tests.process.BrokerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of bad input is answered with Kafka's error or with the end of the connection, takes
 * bounded memory, and does not disturb a client that works all the while.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final int CRC_OFFSET = 17;
  private static final int CRC_FROM = 21;
  private static final int COUNT_OFFSET = 57;
  private static final short PRODUCE_VERSION = 9;
  private static final int FRAME_BYTES = 100_000_000;
  private static final long MEMORY_GROWTH_MAX_BYTES = 900L << 20;

  private BrokerProcess broker;
  private Bystander bystander;

  @BeforeAll
  void startBroker(@TempDir Path folder) throws Exception {
    broker = BrokerProcess.start(folder);
    bystander = new Bystander(broker.bootstrap());
  }

  @AfterAll
  void stopBroker() {
    bystander.close();
    broker.close();
  }

  @AfterEach
  void theOtherClientStillWorks() {
    bystander.awaitWorks();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, (100 << 20) + 1})
  void anIllegalLengthClosesTheConnection(int length) throws Exception {
    try (RawConnection connection = connect()) {
      connection.send(ByteBuffer.allocate(4).putInt(length).array());
      assertThat(connection.receive()).isEmpty();
    }
  }

  @Test
  void randomFramesCloseTheConnection() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] frame = new byte[random.nextInt(2_000)];
      random.nextBytes(frame);
      try (RawConnection connection = connect()) {
        connection.sendFrame(frame);
        assertThat(connection.receive()).as("answer to %s", Arrays.toString(frame)).isEmpty();
      }
    }
  }

  /** Whatever a damaged request means now, it is answered or its connection closed. */
  @Test
  void damagedRequestsAreAnsweredOrRefused() throws Exception {
    byte[] whole = produce(records(Compression.NONE, "value"));
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      damaged[2 + random.nextInt(damaged.length - 2)] ^= (byte) (1 << random.nextInt(8));
      try (RawConnection connection = connect()) {
        connection.sendFrame(damaged);
        connection.receive();
      }
    }
  }

  @Test
  void truncatedFramesAreForgotten() throws Exception {
    byte[] whole = produce(records(Compression.NONE, "value"));
    for (int length = 1; length < whole.length; length += 7) {
      try (RawConnection connection = connect()) {
        connection.send(ByteBuffer.allocate(4).putInt(whole.length).array());
        connection.send(Arrays.copyOf(whole, length));
        connection.endOutput();
        assertThat(connection.receive()).isEmpty();
      }
      try (RawConnection connection = connect()) {
        connection.sendFrame(Arrays.copyOf(whole, length));
        assertThat(connection.receive()).as("request cut to %d bytes", length).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(shorts = {-1, 9_999, Short.MAX_VALUE})
  void anUnknownApiClosesTheConnection(short api) throws Exception {
    byte[] frame = RawConnection.request(ApiKeys.METADATA, (short) 9, new MetadataRequestData());
    ByteBuffer.wrap(frame).putShort(api);
    try (RawConnection connection = connect()) {
      connection.sendFrame(frame);
      assertThat(connection.receive()).isEmpty();
    }
  }

  @Test
  void anUnknownVersionOfAnApiClosesTheConnection() throws Exception {
    byte[] frame = RawConnection.request(ApiKeys.METADATA, (short) 9, new MetadataRequestData());
    ByteBuffer.wrap(frame).putShort(2, (short) 999);
    try (RawConnection connection = connect()) {
      connection.sendFrame(frame);
      assertThat(connection.receive()).isEmpty();
    }
  }

  @Test
  void anUnknownVersionOfApiVersionsIsToldTheKnownOnes() throws Exception {
    byte[] frame =
        RawConnection.request(ApiKeys.API_VERSIONS, (short) 3, new ApiVersionsRequestData());
    ByteBuffer.wrap(frame).putShort(2, (short) 999);
    try (RawConnection connection = connect()) {
      connection.sendFrame(frame);
      ByteBuffer answer = connection.receive().orElseThrow();
      answer.getInt();
      ApiVersionsResponseData response =
          new ApiVersionsResponseData(new ByteBufferAccessor(answer), (short) 0);
      assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
      assertThat(response.apiKeys()).isNotEmpty();
    }
  }

  @Test
  void aWrongChecksumIsRefused() throws Exception {
    byte[] batch = records(Compression.NONE, "value");
    batch[batch.length - 2] ^= 1;
    assertThat(produceError(batch)).isEqualTo(Errors.CORRUPT_MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 1_000_000, Integer.MAX_VALUE})
  void aWrongRecordCountIsRefused(int count) throws Exception {
    for (Compression compression : List.of(Compression.NONE, Compression.gzip().build())) {
      byte[] batch = changed(records(compression, "value"), b -> b.putInt(COUNT_OFFSET, count));
      assertThat(produceError(batch))
          .as("%d records, %s", count, compression.type())
          .isIn(Errors.INVALID_RECORD, Errors.CORRUPT_MESSAGE);
    }
  }

  @Test
  void rubbishInsteadOfCompressedRecordsIsRefused() throws Exception {
    for (CompressionType type : CompressionType.values()) {
      byte[] batch = records(Compression.of(type).build(), "value".repeat(20));
      new Random(3)
          .ints(batch.length - 61L)
          .forEach(i -> batch[61 + Math.floorMod(i, batch.length - 61)] ^= (byte) (i | 1));
      assertThat(produceError(changed(batch, _ -> {})))
          .as("rubbish as %s", type)
          .isNotEqualTo(Errors.NONE);
    }
  }

  @Test
  void decompressionBombsAreRefusedInBoundedMemory() throws Exception {
    byte[] bomb = bomb(1 << 30);
    assertThat(bomb.length).as("bytes of the bomb").isLessThan(1 << 20);
    long before = residentBytes();
    for (int i = 0; i < 5; i++) {
      assertThat(produceError(bomb)).isNotEqualTo(Errors.NONE);
    }
    assertThat(residentBytes() - before).as("growth").isLessThan(MEMORY_GROWTH_MAX_BYTES);
  }

  @Test
  void largeFramesThatNeverEndTakeBoundedMemory() throws Exception {
    long before = residentBytes();
    List<RawConnection> connections = new ArrayList<>();
    try {
      byte[] begin = new byte[64 << 10];
      byte[] request = produce(records(Compression.NONE, "value"));
      System.arraycopy(request, 0, begin, 0, request.length);
      for (int i = 0; i < 200; i++) {
        RawConnection connection = connect();
        connections.add(connection);
        connection.send(ByteBuffer.allocate(4).putInt(FRAME_BYTES).array());
        connection.send(begin);
      }
      bystander.awaitWorks();
      assertThat(residentBytes() - before).as("growth").isLessThan(MEMORY_GROWTH_MAX_BYTES);
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(broker.kafkaPort());
  }

  private long residentBytes() throws IOException {
    return broker.residentBytes();
  }

  private Errors produceError(byte[] batch) throws IOException {
    try (RawConnection connection = connect()) {
      connection.sendFrame(produce(batch));
      Optional<ByteBuffer> answer = connection.receive();
      assertThat(answer).as("an answer to a bad batch").isPresent();
      ByteBufferAccessor reader = new ByteBufferAccessor(answer.get());
      new ResponseHeaderData(reader, ApiKeys.PRODUCE.responseHeaderVersion(PRODUCE_VERSION));
      ProduceResponseData response = new ProduceResponseData(reader, PRODUCE_VERSION);
      return Errors.forCode(
          response.responses().iterator().next().partitionResponses().getFirst().errorCode());
    }
  }

  private static byte[] produce(byte[] batch) {
    TopicProduceData topic =
        new TopicProduceData()
            .setName(Bystander.TOPIC)
            .setPartitionData(
                List.of(
                    new PartitionProduceData()
                        .setIndex(1)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch)))));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
    request.setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
    return RawConnection.request(ApiKeys.PRODUCE, PRODUCE_VERSION, request);
  }

  private static byte[] records(Compression compression, String value) {
    SimpleRecord record = new SimpleRecord(value.getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = MemoryRecords.withRecords(compression, record).buffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** The batch after a change, with a checksum that fits. */
  private static byte[] changed(byte[] batch, Consumer<ByteBuffer> change) {
    ByteBuffer buffer = ByteBuffer.wrap(batch);
    change.accept(buffer);
    CRC32C checksum = new CRC32C();
    checksum.update(batch, CRC_FROM, batch.length - CRC_FROM);
    buffer.putInt(CRC_OFFSET, (int) checksum.getValue());
    return batch;
  }

  /** A batch of one record of so many zeros, which zstd makes tiny. */
  private static byte[] bomb(int valueBytes) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(32);
    prefix.put((byte) 0);
    ByteUtils.writeVarlong(0, prefix);
    ByteUtils.writeVarint(0, prefix);
    ByteUtils.writeVarint(-1, prefix);
    ByteUtils.writeVarint(valueBytes, prefix);
    int recordBytes = prefix.position() + valueBytes + 1;
    ByteBufferOutputStream compressed = new ByteBufferOutputStream(1 << 16);
    Compression zstd = Compression.zstd().build();
    try (OutputStream output = zstd.wrapForOutput(compressed, (byte) 2)) {
      ByteBuffer length = ByteBuffer.allocate(8);
      ByteUtils.writeVarint(recordBytes, length);
      output.write(length.array(), 0, length.position());
      output.write(prefix.array(), 0, prefix.position());
      byte[] zeros = new byte[1 << 20];
      for (int written = 0; written < valueBytes; written += zeros.length) {
        output.write(zeros);
      }
      output.write(0);
    }
    ByteBuffer data = compressed.buffer();
    data.flip();
    byte[] header = Arrays.copyOf(records(zstd, ""), DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    byte[] batch = Arrays.copyOf(header, header.length + data.remaining());
    data.get(batch, header.length, data.remaining());
    return changed(batch, b -> b.putInt(8, batch.length - 12));
  }
}
