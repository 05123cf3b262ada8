/** Tests of views and of reading through them. */
@NullMarked
package io.tributary.actors.view;

import org.jspecify.annotations.NullMarked;
