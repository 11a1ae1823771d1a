package io.pipely.servlet;

import jakarta.servlet.Servlet;
import java.util.Map;

/**
 * How a servlet is put into a container.
 *
 * @param context the application's path, "" for the root
 * @param mapping the servlet's pattern in it
 */
record Mount(
    Servlet servlet,
    String context,
    String mapping,
    boolean isAsyncSupported,
    Map<String, String> initParams) {

  static Mount of(Servlet servlet, String context, String mapping) {
    return new Mount(servlet, context, mapping, true, Map.of());
  }

  Mount withoutAsyncSupport() {
    return new Mount(servlet, context, mapping, false, initParams);
  }

  Mount withInitParams(Map<String, String> params) {
    return new Mount(servlet, context, mapping, isAsyncSupported, params);
  }

  /** Where the protocol's routes begin. */
  String base() {
    return context + mapping.replaceAll("/\\*?$", "");
  }
}
