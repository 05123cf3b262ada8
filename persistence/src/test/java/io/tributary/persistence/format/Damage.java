package io.tributary.persistence.format;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.Bytes;
import java.util.function.Consumer;

/** Every damage that one can think of, and the claim that each is found. */
final class Damage {
  private Damage() {}

  /**
   * @param from index of the first byte whose damage must be found
   */
  static void isFound(Bytes written, int from, Consumer<Bytes> reader) {
    for (int i = from; i < written.length(); i++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] flipped = written.toByteArray();
        flipped[i] ^= (byte) (1 << bit);
        assertRejected("bit " + bit + " of byte " + i, Bytes.wrap(flipped), reader);
      }
    }
    for (int length = from; length < written.length(); length++) {
      assertRejected("cut to " + length + " bytes", written.slice(0, length), reader);
    }
  }

  private static void assertRejected(String what, Bytes damaged, Consumer<Bytes> reader) {
    assertThatThrownBy(() -> reader.accept(damaged))
        .as(what)
        .isInstanceOf(DamagedException.class)
        .hasMessageStartingWith("the file cannot be read: ");
  }
}
