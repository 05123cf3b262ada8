package io.tributary.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  private static NodeSettings read(String hocon) {
    return SettingsReader.read(NodeSettings.class, ConfigFactory.parseString(hocon));
  }

  @Test
  void theDefaultsAreAsDocumented() {
    NodeSettings settings = read("");
    assertThat(settings.node().data()).hasToString("./data");
    assertThat(settings.node().cluster()).isEqualTo("tributary");
    assertThat(settings.node().clusterAddress()).hasToString("127.0.0.1:0");
    assertThat(settings.kafka().address()).hasToString("127.0.0.1:9092");
    assertThat(settings.kafka().frameBytesMax().bytes()).isEqualTo(100L << 20);
    assertThat(settings.kafka().idleMax()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.http().address()).hasToString("127.0.0.1:8080");
    assertThat(settings.http().token()).isEmpty();
    assertThat(settings.storage().url()).isEmpty();
    assertThat(settings.storage().fsync()).isTrue();
    assertThat(settings.intake().maxBytes().bytes()).isEqualTo(8L << 20);
    assertThat(settings.intake().maxDelay()).isEmpty();
    assertThat(settings.topics().autoCreate()).isTrue();
    assertThat(settings.topics().partitions()).isEqualTo(1);
  }

  @Test
  void writtenValuesReplaceDefaults() {
    NodeSettings settings =
        read(
            "tributary { kafka.address = \"[::1]:0\", intake { max-delay = 5ms, max-bytes = 1MiB }, storage.file.fsync = false }");
    assertThat(settings.kafka().address()).isEqualTo(new HostPort("::1", 0));
    assertThat(settings.intake().maxDelay()).contains(Duration.ofMillis(5));
    assertThat(settings.intake().maxBytes().bytes()).isEqualTo(1L << 20);
    assertThat(settings.storage().fsync()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "tributary.kafka.address, localhost, HOST:PORT",
    "tributary.kafka.address, localhost:99999, HOST:PORT",
    "tributary.intake.max-bytes, 1KiB, 64KiB to 32MiB",
    "tributary.intake.max-delay, soon, 0 to 10s",
    "tributary.storage.file.fsync, perhaps, disk",
    "tributary.topics.partitions, 0, 1 or more",
    "tributary.cluster.name, a b, letters",
  })
  void aBadValueIsRefusedInOneLineThatSaysWhatIsAllowed(String key, String value, String allowed) {
    assertThatThrownBy(() -> read(key + " = \"" + value + "\""))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(allowed)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anUnknownKeyIsRefusedByName() {
    assertThatThrownBy(() -> read("tributary.intake.maxbytes = 3"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("tributary.intake.maxbytes");
  }

  @Test
  void managementBeyondLoopbackNeedsAToken() {
    assertThatThrownBy(() -> read("tributary.http.address = \"0.0.0.0:8080\""))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("tributary.http.token");
    assertThat(read("tributary.http { address = \"0.0.0.0:8080\", token = abc }").http().token())
        .contains("abc");
  }
}
