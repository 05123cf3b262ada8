package io.tributary.node.settings;

/** A setting that stops the start: one line with the key, the value and what is allowed. */
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingException(String message) {
    super(message, null, false, false);
  }
}
