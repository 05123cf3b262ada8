/** Blocks of objects kept in memory. */
@NullMarked
package io.tributary.persistence.cache;

import org.jspecify.annotations.NullMarked;
