/** Answers what clients ask of topics: metadata, creation, growth, deletion. */
@NullMarked
package io.tributary.node.topics;

import org.jspecify.annotations.NullMarked;
