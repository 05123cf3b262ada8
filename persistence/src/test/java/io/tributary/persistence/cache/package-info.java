/** What is kept in memory is what the store has, and is fetched once. */
@NullMarked
package io.tributary.persistence.cache;

import org.jspecify.annotations.NullMarked;
