/** Answers what clients ask of the cluster: its brokers, and the configs of every resource. */
@NullMarked
package io.tributary.node.cluster;

import org.jspecify.annotations.NullMarked;
