package io.tributary.persistence.format;

/** Stored bytes are not what was written, or were written by a newer version. */
public final class DamagedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param name what was read: an object's or a record's name
   * @param what is wrong with it
   */
  public DamagedException(String name, String what) {
    super(name + " cannot be read: " + what);
  }
}
