/** What no client should send, against a real broker that others are using. */
@NullMarked
package io.tributary.tests.badinput;

import org.jspecify.annotations.NullMarked;
