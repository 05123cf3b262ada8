/** The rules of partitions, by example and by law. */
@NullMarked
package io.tributary.actors.partition.model;

import org.jspecify.annotations.NullMarked;
