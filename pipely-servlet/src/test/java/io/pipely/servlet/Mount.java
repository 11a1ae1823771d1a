package io.pipely.servlet;

import jakarta.servlet.Servlet;

/**
 * How a servlet is put into a container.
 *
 * @param context the application's path, "" for the root
 * @param mapping the servlet's pattern in it
 */
record Mount(Servlet servlet, String context, String mapping, boolean isAsyncSupported) {

  static Mount of(Servlet servlet, String context, String mapping) {
    return new Mount(servlet, context, mapping, true);
  }

  Mount withoutAsyncSupport() {
    return new Mount(servlet, context, mapping, false);
  }

  /** Where the protocol's routes begin. */
  String base() {
    return context + mapping.replaceAll("/\\*?$", "");
  }
}
