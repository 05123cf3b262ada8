/** Immutable objects under unique keys: the file system and S3, one contract. */
@NullMarked
package io.tributary.persistence.objects;

import org.jspecify.annotations.NullMarked;
