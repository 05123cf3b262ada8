/** What may enter the log, in which order, and what producers are told. */
@NullMarked
package io.tributary.node.produce;

import org.jspecify.annotations.NullMarked;
