package io.tributary.persistence.objects;

import java.util.regex.Pattern;

/**
 * The name of an object under the store's prefix: slash-separated parts of {@code [A-Za-z0-9._-]},
 * at most 512 characters, and 128 a part.
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  private static final int LENGTH_MAX = 512;
  private static final Pattern FORM =
      Pattern.compile("(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9._-]{1,128}(/[A-Za-z0-9._-]{1,128})*");

  public ObjectKey {
    if (!isKey(value)) {
      throw new IllegalArgumentException("not an object key: '" + value + "'");
    }
  }

  public static boolean isKey(String text) {
    return text.length() <= LENGTH_MAX && FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
