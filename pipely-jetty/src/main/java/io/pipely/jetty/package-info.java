/** Pipely on Jetty 12.1, without servlets: a handler for one's own server, and a whole server. */
@NullMarked
package io.pipely.jetty;

import org.jspecify.annotations.NullMarked;
