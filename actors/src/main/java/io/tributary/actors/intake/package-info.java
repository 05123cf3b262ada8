/**
 * The write path of a node: gather batches, seal intake objects, upload them, have them sequenced.
 */
@NullMarked
package io.tributary.actors.intake;

import org.jspecify.annotations.NullMarked;
