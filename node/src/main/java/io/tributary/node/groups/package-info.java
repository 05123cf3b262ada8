/**
 * The Kafka APIs of consumer groups and their offsets, one handler each. They translate between
 * versions, look topics up, and leave every rule about groups to {@link
 * io.tributary.actors.group.Groups}.
 */
@NullMarked
package io.tributary.node.groups;

import org.jspecify.annotations.NullMarked;
