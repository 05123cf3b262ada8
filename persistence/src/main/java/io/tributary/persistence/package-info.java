/**
 * What outlives a process. Start with {@link io.tributary.persistence.objects.ObjectStore} (record
 * bytes) and {@link io.tributary.persistence.metadata.MetadataStore} (who may write, and what was
 * decided); {@code model} holds the facts that are stored, {@code format} their bytes, {@code
 * cache} the blocks kept in memory.
 */
@NullMarked
package io.tributary.persistence;

import org.jspecify.annotations.NullMarked;
