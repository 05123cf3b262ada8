package io.tributary.persistence.metadata;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataStoresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          zookeeper://host:2181    | 'zookeeper' is not a kind of metadata store
          metadata.db              | it does not begin with the kind of store
          sqlite:                  | it names no place
          sqlite:a?fsync=no        | 'fsync' is true or false
          etcd://host              | 'host' is not HOST:PORT
          etcd://host:2379,        | '' is not HOST:PORT
          etcd://host:port         | 'host:port' is not HOST:PORT
          etcd://host:2379/path    | 'host:2379/path' is not HOST:PORT
          etcd://u:p@host:2379     | 'u:p@host:2379' is not HOST:PORT
          etcd://host:2379?tls=true| 'tls' is not an option of etcd
          """)
  void wrongUrlsSayWhatIsWrongAndWhatIsAllowed(String url, String why) {
    assertThatThrownBy(() -> MetadataStores.open(url, "test"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + url + "' names no store: ")
        .hasMessageContaining(why)
        .hasMessageContaining("allowed is sqlite:FILE");
  }

  @Test
  void clusterNamesAreKeptSimple() {
    assertThatThrownBy(() -> MetadataStores.open("sqlite:unused.db", "a/b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a/b' names no cluster");
  }
}
