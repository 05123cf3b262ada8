/** Who may acquire a shard, and who may answer for it. Pure: the caller passes the time. */
@NullMarked
package io.tributary.actors.shard.model;

import org.jspecify.annotations.NullMarked;
