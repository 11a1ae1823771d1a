package io.pipely.example.webapp;

import java.net.URL;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container shows to a web application: the servlet API and its own classes. Our classes and
 * libraries, which are on the test's class path, are hidden, so that a JAR that is missing in the
 * WAR is missed.
 */
final class ServerClasses extends ClassLoader {

  private static final List<String> SHOWN = List.of("jakarta.", "org.apache.", "org.eclipse.");

  private final ClassLoader all = ServerClasses.class.getClassLoader();

  ServerClasses() {
    super(ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (SHOWN.stream().noneMatch(name::startsWith)) {
      throw new ClassNotFoundException(name);
    }
    return all.loadClass(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return SHOWN.stream().anyMatch(name.replace('/', '.')::startsWith)
        ? all.getResource(name)
        : null;
  }
}
