/** Tests of the package of this name, and what they share. */
@NullMarked
package io.tributary.node.topics;

import org.jspecify.annotations.NullMarked;
