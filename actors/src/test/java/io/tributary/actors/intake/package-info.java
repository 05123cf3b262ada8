/** The write path of a node under faults. */
@NullMarked
package io.tributary.actors.intake;

import org.jspecify.annotations.NullMarked;
