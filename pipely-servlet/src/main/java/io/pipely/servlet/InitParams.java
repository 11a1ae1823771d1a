package io.pipely.servlet;

import io.pipely.config.TextOptions;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A servlet's init-params as options. */
final class InitParams {

  private InitParams() {}

  /**
   * Reads them.
   *
   * @throws ServletException where one is unknown or wrong; it says which and why
   */
  static TextOptions of(ServletConfig config) throws ServletException {
    List<String> known = TextOptions.names();
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : Collections.list(config.getInitParameterNames())) {
      if (!known.contains(name)) {
        throw refusal(
            config, shown(name) + " is not known; there are " + String.join(", ", known), null);
      }
      texts.put(name, config.getInitParameter(name));
    }
    try {
      return TextOptions.of(texts, InitParams::shown);
    } catch (IllegalArgumentException e) {
      throw refusal(config, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * For a servlet whose options are somebody else's affair: one that is set and has no effect would
   * be a server that silently runs with something else. Others may be a subclass's own.
   *
   * @throws ServletException where one of ours is there
   */
  static void refuseAny(ServletConfig config) throws ServletException {
    for (String name : TextOptions.names()) {
      if (config.getInitParameter(name) != null) {
        throw refusal(
            config,
            shown(name) + " has no effect: the servlet was made with a Pipely that has its own",
            null);
      }
    }
  }

  private static String shown(String name) {
    return "init-param '" + name + "'";
  }

  private static ServletException refusal(
      ServletConfig config, String why, @Nullable Throwable cause) {
    return new ServletException("PipelyServlet '" + config.getServletName() + "': " + why, cause);
  }
}
