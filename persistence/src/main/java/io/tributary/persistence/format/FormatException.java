package io.tributary.persistence.format;

/** Bytes that are not what they must be: corrupt, cut short, or of a version not known here. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FormatException(String what) {
    super(what);
  }
}
