/** Tests of the group APIs' handlers against groups the test plays. */
@NullMarked
package io.tributary.node.groups;

import org.jspecify.annotations.NullMarked;
