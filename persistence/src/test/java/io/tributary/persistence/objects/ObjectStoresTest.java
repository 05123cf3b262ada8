package io.tributary.persistence.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.StoreUrl;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectStoresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ftp:somewhere                          | 'ftp' is not a kind of object store
          somewhere                              | it does not begin with the kind of store
          file:                                  | it names no place
          file:a?fsync=maybe                     | 'fsync' is true or false
          file:a?sync=false                      | 'sync' is not an option of file
          file:a?fsync                           | 'fsync' is not name=value
          file:a?fsync=true&fsync=false          | 'fsync' is given twice
          s3://UPPER?region=eu-west-1            | 'UPPER' is not a bucket's name
          s3://bucket                            | without an endpoint it needs region
          s3://bucket/a//b?region=eu-west-1      | a prefix has at most
          s3://bucket?endpoint=localhost:9000    | the endpoint is not http://HOST:PORT
          s3://bucket?region=eu west             | 'eu west' is not a region's name
          s3://bucket?region=eu-west-1&fsync=true| 'fsync' is not an option of s3
          """)
  void wrongUrlsSayWhatIsWrongAndWhatIsAllowed(String url, String why) {
    assertThatThrownBy(() -> ObjectStores.open(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + url + "' names no store: ")
        .hasMessageContaining(why)
        .hasMessageContaining("allowed is file:DIR");
  }

  @Test
  void aFileIsNoFolder(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[0]);

    assertThatThrownBy(() -> ObjectStores.open("file:" + file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a file, not a folder");
  }

  @Test
  void s3LocationHasAllParts() {
    String url = "s3://b-1/a/b/?region=eu-west-1&endpoint=https%3A%2F%2Fhost:9000&path-style=true";

    assertThat(S3Location.of(StoreUrl.parse(url, "")))
        .isEqualTo(
            new S3Location(
                "b-1", "a/b/", "eu-west-1", Optional.of(URI.create("https://host:9000")), true));
    assertThat(S3Location.of(StoreUrl.parse("s3://b-1?region=x", "")))
        .isEqualTo(new S3Location("b-1", "", "x", Optional.empty(), false));
  }
}
