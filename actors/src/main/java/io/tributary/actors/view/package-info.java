/** The read path of a node: views of partitions, and the bytes behind them. */
@NullMarked
package io.tributary.actors.view;

import org.jspecify.annotations.NullMarked;
