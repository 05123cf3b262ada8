package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named text fields, one {@code name=value} a line: the small values of the metadata store that a
 * person may want to read there. The same fields in the same order give the same bytes; a reader
 * ignores names it does not know.
 */
public final class TextRecord {
  private final Map<String, String> fields;

  private TextRecord(Map<String, String> fields) {
    this.fields = fields;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * @throws FormatException when a line is no field
   */
  public static TextRecord read(Bytes bytes) {
    Map<String, String> fields = new LinkedHashMap<>();
    String text = StandardCharsets.UTF_8.decode(bytes.asByteBuffer()).toString();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw new FormatException("not a field: '" + line + "'");
      }
      fields.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return new TextRecord(fields);
  }

  /**
   * @throws FormatException when the field is missing
   */
  public String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new FormatException("field " + name + " is missing");
    }
    return value;
  }

  public String text(String name, String otherwise) {
    return fields.getOrDefault(name, otherwise);
  }

  /**
   * @throws FormatException when the field is missing, or not a number
   */
  public long number(String name) {
    String value = text(name);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notANumber) {
      throw new FormatException("field " + name + " is not a number: '" + value + "'");
    }
  }

  public int integer(String name) {
    return Math.toIntExact(number(name));
  }

  public static final class Builder {
    private final StringBuilder text = new StringBuilder();

    private Builder() {}

    public Builder with(String name, String value) {
      if (value.chars().anyMatch(c -> c == '\n' || c == '\r')) {
        throw new IllegalArgumentException("field " + name + " must be one line");
      }
      text.append(name).append('=').append(value).append('\n');
      return this;
    }

    public Builder with(String name, long value) {
      return with(name, Long.toString(value));
    }

    public Bytes write() {
      return Bytes.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
