/** Pipely as a servlet, for any container of Jakarta Servlet 6.0 and later. */
@NullMarked
package io.pipely.servlet;

import org.jspecify.annotations.NullMarked;
