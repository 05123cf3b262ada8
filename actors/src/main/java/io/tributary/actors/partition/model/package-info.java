/** The rules of partitions: pure, the caller passes the time. */
@NullMarked
package io.tributary.actors.partition.model;

import org.jspecify.annotations.NullMarked;
