package io.pipely.servlet;

import jakarta.servlet.ServletConfig;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Whether a servlet was registered with async support. The Servlet API tells that of a request
 * only, which is too late: a mistake in a deployment should be seen when it is deployed. Containers
 * keep it behind the {@link ServletConfig} they hand out, in an object with a method {@code
 * isAsyncSupported}: Tomcat's wrapper, Jetty's holder, Undertow's servlet info.
 */
final class AsyncSupport {

  private AsyncSupport() {}

  /** False where there is support, and where the container does not let us know. */
  static boolean isKnownMissing(ServletConfig config) {
    if (Boolean.FALSE.equals(ask(config))) {
      return true;
    }
    for (Class<?> c = config.getClass(); c != null; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!field.getType().isPrimitive() && Boolean.FALSE.equals(ask(value(field, config)))) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Object value(Field field, Object owner) {
    try {
      return field.trySetAccessible() ? field.get(owner) : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private static @Nullable Object ask(@Nullable Object holder) {
    if (holder == null) {
      return null;
    }
    try {
      Method method = holder.getClass().getMethod("isAsyncSupported");
      return method.trySetAccessible() ? method.invoke(holder) : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
