/** Tests of the package of this name, and what they share. */
@NullMarked
package io.tributary.node.cluster;

import org.jspecify.annotations.NullMarked;
