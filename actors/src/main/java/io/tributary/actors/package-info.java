/** The domain: pure state machines and the thin actors around them. */
@NullMarked
package io.tributary.actors;

import org.jspecify.annotations.NullMarked;
