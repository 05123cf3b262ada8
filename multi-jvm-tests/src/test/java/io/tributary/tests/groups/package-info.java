/** Consumer groups of real clients against a real broker. */
@NullMarked
package io.tributary.tests.groups;

import org.jspecify.annotations.NullMarked;
