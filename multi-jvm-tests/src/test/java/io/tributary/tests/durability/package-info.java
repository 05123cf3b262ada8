/** Nothing acknowledged is lost, whatever is killed, paused, slow or full. */
@NullMarked
package io.tributary.tests.durability;

import org.jspecify.annotations.NullMarked;
