package io.tributary.node.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One setting: a component of a settings record. {@code docs/settings.md} is made from these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The whole key; begins with {@code tributary.}. */
  String key();

  /** As it would be written in a file; empty when the setting is optional and unset. */
  String byDefault() default "";

  /** What it does, in a sentence or two; what is allowed. */
  String says();

  /** The command line option that sets it, if it has one of its own. */
  String option() default "";
}
