/**
 * The rules: who is in a channel, what its log holds, who is handed what and when. Knows no HTTP
 * and does no I/O. Internal: applications use {@link io.pipely}.
 */
@NullMarked
package io.pipely.core;

import org.jspecify.annotations.NullMarked;
