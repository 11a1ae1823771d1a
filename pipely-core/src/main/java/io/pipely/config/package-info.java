/**
 * The options as texts, as deployment descriptors and environment variables have them. Internal: it
 * is shared by the servlet and the launcher; applications use the builders.
 */
@NullMarked
package io.pipely.config;

import org.jspecify.annotations.NullMarked;
