package io.tributary.node.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file that nobody can read in one sitting hides its mistakes. */
class SizeTest {
  private static final int LINES_MAX = 500;

  @Test
  void noSourceFileIsLongerThanOneSitting() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<String> tooLong =
          files
              .filter(
                  file ->
                      file.toString().endsWith(".java") && !file.toString().contains("/target/"))
              .filter(file -> lines(file) > LINES_MAX)
              .map(Path::toString)
              .toList();
      assertThat(tooLong).isEmpty();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
