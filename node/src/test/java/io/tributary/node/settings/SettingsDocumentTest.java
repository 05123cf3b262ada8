package io.tributary.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/settings.md} is what the records say; run with {@code -Dtributary.write-docs=true} to
 * write it anew.
 */
class SettingsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "settings.md");

  @Test
  void theDocumentListsEverySettingAsDeclared() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("tributary.write-docs")) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String document() {
    StringBuilder text =
        new StringBuilder(
            """
            # Settings

            Given on the command line (`--set key=value`, or the option named), or in a HOCON file (`--config FILE`). Options win over `--set`,
            which wins over the file. A key that is not listed here stops the start.

            | key | default | option | what it does |
            | --- | --- | --- | --- |
            """);
    for (Setting setting : SettingsReader.settingsOf(NodeSettings.class)) {
      text.append("| `").append(setting.key()).append("` | ");
      text.append(setting.byDefault().isEmpty() ? "unset" : "`" + setting.byDefault() + "`")
          .append(" | ");
      text.append(setting.option().isEmpty() ? "" : "`" + setting.option() + "`").append(" | ");
      text.append(setting.says()).append(" |\n");
    }
    return text.toString();
  }
}
