/** Laws of ownership. */
@NullMarked
package io.tributary.actors.shard.model;

import org.jspecify.annotations.NullMarked;
