package io.tributary.persistence;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The place of a store as a setting names it: {@code scheme:address[?name=value&…]}.
 *
 * @param address everything between {@code scheme:} (and {@code //} if it is there) and {@code ?}
 * @param allowed what may stand here, for messages
 */
public record StoreUrl(
    String text, String scheme, String address, Map<String, String> options, String allowed) {

  /**
   * @throws IllegalArgumentException not of that form
   */
  public static StoreUrl parse(String text, String allowed) {
    StoreUrl whole = new StoreUrl(text, "", "", Map.of(), allowed);
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw whole.wrong("it does not begin with the kind of store and ':'");
    }
    int question = text.indexOf('?');
    String address = text.substring(colon + 1, question < 0 ? text.length() : question);
    if (address.startsWith("//")) {
      address = address.substring(2);
    }
    if (address.isEmpty()) {
      throw whole.wrong("it names no place");
    }
    Map<String, String> options = new LinkedHashMap<>();
    String query = question < 0 ? "" : text.substring(question + 1);
    for (String option : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw whole.wrong("'" + option + "' is not name=value");
      }
      String value = URLDecoder.decode(option.substring(equals + 1), StandardCharsets.UTF_8);
      if (options.put(option.substring(0, equals), value) != null) {
        throw whole.wrong("'" + option.substring(0, equals) + "' is given twice");
      }
    }
    return new StoreUrl(text, text.substring(0, colon), address, Map.copyOf(options), allowed);
  }

  /**
   * @throws IllegalArgumentException there are other options than {@code names}
   */
  public void allowOnly(Set<String> names) {
    for (String name : options.keySet()) {
      if (!names.contains(name)) {
        throw wrong("'" + name + "' is not an option of " + scheme);
      }
    }
  }

  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /**
   * @throws IllegalArgumentException neither true nor false
   */
  public boolean flag(String name, boolean standard) {
    return switch (option(name).orElse(String.valueOf(standard))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("'" + name + "' is true or false");
    };
  }

  /** The address as a path of this machine. */
  public Path toPath() {
    try {
      return Path.of(address);
    } catch (InvalidPathException e) {
      throw wrong(e.getReason());
    }
  }

  /** What to throw when a setting holds this URL and must not. */
  public IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "'" + text + "' names no store: " + why + "; allowed is " + allowed);
  }
}
