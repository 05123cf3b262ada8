package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkAllocatorTest {
  private final ChunkAllocator chunks = new ChunkAllocator();

  @Test
  void copiesStayWhatTheyWereWhateverComesAfter() {
    Random random = new Random(5);
    List<byte[]> originals = new ArrayList<>();
    List<Bytes> copies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] original = new byte[1 + random.nextInt(ChunkAllocator.SHARED_BYTES_MAX + 1_000)];
      random.nextBytes(original);
      ByteBuffer source = ByteBuffer.allocateDirect(original.length + 2);
      source.position(1).put(original).position(1).limit(original.length + 1);

      originals.add(original);
      copies.add(chunks.copyOf(source));
      assertThat(source.position()).isEqualTo(1);
    }
    for (int i = 0; i < originals.size(); i++) {
      assertThat(copies.get(i).toByteArray()).isEqualTo(originals.get(i));
    }
  }
}
