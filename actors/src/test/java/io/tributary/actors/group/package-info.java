/** Tests of the group shards over virtual time and a journal the test commits. */
@NullMarked
package io.tributary.actors.group;

import org.jspecify.annotations.NullMarked;
