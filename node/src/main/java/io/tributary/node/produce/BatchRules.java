package io.tributary.node.produce;

import io.tributary.actors.intake.LogWriter;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.server.record.BrokerCompressionType;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * What a topic asks of the batches written to it.
 *
 * @param partition topic and partition, for messages to people
 * @param bytesMax {@code max.message.bytes}
 * @param compression what batches are stored with; empty for what the producer chose
 */
record BatchRules(
    String partition,
    int bytesMax,
    int segmentBytes,
    boolean compacted,
    TimestampType timestampType,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs,
    Optional<Compression> compression) {

  static BatchRules of(String partition, LogConfig config) {
    return new BatchRules(
        partition,
        Math.min(config.maxMessageSize(), LogWriter.BATCH_BYTES_MAX),
        config.segmentSize(),
        config.compact,
        config.messageTimestampType,
        config.messageTimestampBeforeMaxMs,
        config.messageTimestampAfterMaxMs,
        config.compression);
  }

  /** What a batch that came with {@code source} is stored with. */
  Compression targetOf(CompressionType source) {
    return BrokerCompressionType.targetCompression(compression, source);
  }
}
