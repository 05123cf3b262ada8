package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An intake object: header, slices, footer index, trailer. The trailer stands at the end and says
 * how long the footer is, so that one suffix read gets both.
 */
public final class IntakeObjectFormat {
  /** The first slice stands behind the header. */
  public static final int HEADER_BYTES = 8;

  /** A suffix of this size holds the footer of all but very busy objects. */
  public static final int SUFFIX_BYTES = 32 * 1024;

  /** Footer length (4), version (1), zeros (3), CRC-32C of the footer and these (4), magic (4). */
  private static final int TRAILER_BYTES = 16;

  private static final int COVERED_TRAILER_BYTES = 8;
  private static final int SLICE_BYTES_MIN = 3;
  private static final int BATCH_BYTES_MIN = 5;

  private IntakeObjectFormat() {}

  /** What a suffix of an intake object says. */
  public sealed interface FooterRead {
    record Complete(IntakeFooter footer) implements FooterRead {}

    /** The footer is longer than the suffix: read one of this length. */
    record NeedsSuffix(int lengthBytes) implements FooterRead {}
  }

  /**
   * The whole object, to be uploaded as {@code ObjectNames.intake(flush)}.
   *
   * @param slices one after the other from {@link #HEADER_BYTES} on, without gaps
   * @param body the bytes of the slices, in their order, cut anywhere
   */
  public static List<Bytes> assemble(FlushId flush, List<PartitionSlice> slices, List<Bytes> body) {
    long end = HEADER_BYTES;
    for (PartitionSlice slice : slices) {
      if (slice.position() != end) {
        throw new IllegalArgumentException(
            "slice of %s at %d, not at %d".formatted(slice.partition(), slice.position(), end));
      }
      end += slice.lengthBytes();
    }
    long bodyBytes = body.stream().mapToLong(Bytes::length).sum();
    if (bodyBytes != end - HEADER_BYTES) {
      throw new IllegalArgumentException(
          "slices of %d bytes, body of %d".formatted(end - HEADER_BYTES, bodyBytes));
    }
    List<Bytes> parts = new ArrayList<>(body.size() + 2);
    parts.add(header());
    parts.addAll(body);
    parts.add(footer(flush, slices));
    return parts;
  }

  /**
   * Reads the footer out of the last bytes of an object.
   *
   * @param name of the object, for errors
   * @param flush that the object must be
   * @param suffix the object's last bytes, {@link #SUFFIX_BYTES} or as many as asked for; the whole
   *     object when it is shorter
   * @param objectBytes size of the whole object
   * @throws DamagedException when the object is not what was written
   */
  public static FooterRead readFooter(String name, FlushId flush, Bytes suffix, long objectBytes) {
    if (suffix.length() < TRAILER_BYTES || objectBytes < HEADER_BYTES + TRAILER_BYTES) {
      throw new DamagedException(name, "it is truncated: it has " + objectBytes + " bytes");
    }
    ByteBuffer trailer =
        suffix.slice(suffix.length() - TRAILER_BYTES, TRAILER_BYTES).asByteBuffer();
    FileKind.INTAKE_FOOTER.checkMagic(name, trailer.getInt(TRAILER_BYTES - Integer.BYTES));
    int footerBytes = trailer.getInt(0);
    if (footerBytes < 0 || footerBytes > objectBytes - HEADER_BYTES - TRAILER_BYTES) {
      throw new DamagedException(name, "its footer cannot have " + footerBytes + " bytes");
    }
    int neededBytes = footerBytes + TRAILER_BYTES;
    if (neededBytes > suffix.length()) {
      return new FooterRead.NeedsSuffix(neededBytes);
    }
    int footerStart = suffix.length() - neededBytes;
    FieldReader.checkCrc(
        name,
        suffix.slice(footerStart, footerBytes + COVERED_TRAILER_BYTES),
        trailer.getInt(COVERED_TRAILER_BYTES));
    FileKind.INTAKE_FOOTER.checkVersion(name, trailer.get(Integer.BYTES));
    FieldReader in =
        FieldReader.ofPayload(name, suffix.slice(footerStart, footerBytes).asByteBuffer());
    IntakeFooter footer = readFields(in, objectBytes - neededBytes);
    if (!footer.flush().equals(flush)) {
      throw new DamagedException(name, "it is flush " + footer.flush() + ", not " + flush);
    }
    return new FooterRead.Complete(footer);
  }

  private static Bytes header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(FileKind.INTAKE_HEADER.magic()).put(FileKind.INTAKE_HEADER.version());
    return Bytes.wrap(header.array());
  }

  private static Bytes footer(FlushId flush, List<PartitionSlice> slices) {
    FieldWriter out = new FieldWriter();
    out.number(flush.incarnation());
    out.number(flush.flush());
    out.number(slices.size());
    TopicTable topics = new TopicTable();
    long timestampMs = 0;
    for (PartitionSlice slice : slices) {
      topics.write(out, slice.partition());
      out.number(slice.batches().size());
      for (BatchFacts batch : slice.batches()) {
        writeBatch(out, batch, timestampMs);
        timestampMs = batch.maxTimestampMs();
      }
    }
    byte[] fields = out.toByteArray();
    ByteBuffer footer = ByteBuffer.allocate(fields.length + TRAILER_BYTES);
    footer.put(fields).putInt(fields.length);
    footer.put(FileKind.INTAKE_FOOTER.version()).put(new byte[3]);
    CRC32C crc = new CRC32C();
    crc.update(footer.array(), 0, footer.position());
    footer.putInt((int) crc.getValue()).putInt(FileKind.INTAKE_FOOTER.magic());
    return Bytes.wrap(footer.array());
  }

  private static void writeBatch(FieldWriter out, BatchFacts batch, long previousTimestampMs) {
    out.number(batch.sizeBytes());
    out.number(batch.records());
    out.number(batch.attributes() & 0xffff);
    out.signed(batch.maxTimestampMs() - previousTimestampMs);
    out.number(batch.producerId() - BatchFacts.NO_PRODUCER);
    if (batch.isIdempotent()) {
      out.number(batch.producerEpoch() & 0xffff);
      out.number(batch.baseSequence());
    }
  }

  private static IntakeFooter readFields(FieldReader in, long bodyEnd) {
    FlushId flush = new FlushId(in.number(), in.number());
    TopicTable topics = new TopicTable();
    Place place = new Place();
    List<PartitionSlice> slices =
        in.list(
            SLICE_BYTES_MIN,
            () -> {
              PartitionId partition = topics.read(in);
              int position = place.position;
              List<BatchFacts> batches = in.list(BATCH_BYTES_MIN, () -> readBatch(in, place));
              return new PartitionSlice(partition, position, batches);
            });
    in.end();
    if (place.position != bodyEnd) {
      throw in.damaged("its slices end at " + place.position + ", its body at " + bodyEnd);
    }
    return new IntakeFooter(flush, slices);
  }

  private static BatchFacts readBatch(FieldReader in, Place place) {
    int end = in.size(place.position);
    int sizeBytes = end - place.position;
    place.position = end;
    int records = in.size();
    short attributes = (short) in.size();
    place.timestampMs += in.signed();
    long producerId = in.number() + BatchFacts.NO_PRODUCER;
    boolean idempotent = producerId != BatchFacts.NO_PRODUCER;
    short producerEpoch = idempotent ? (short) in.size() : -1;
    int baseSequence = idempotent ? in.size() : -1;
    return new BatchFacts(
        sizeBytes, records, attributes, place.timestampMs, producerId, producerEpoch, baseSequence);
  }

  /** How far reading has come. */
  private static final class Place {
    int position = HEADER_BYTES;
    long timestampMs;
  }
}
