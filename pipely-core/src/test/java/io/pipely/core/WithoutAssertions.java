package io.pipely.core;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;

/**
 * Loads this project's classes once more, with assertions off: model checking replaces locks by its
 * own, of which {@link Thread#holdsLock} knows nothing.
 */
final class WithoutAssertions extends URLClassLoader {

  private final Class<?> shared;

  private WithoutAssertions(List<URL> places, Class<?> shared) {
    super(places.toArray(URL[]::new), shared.getClassLoader());
    this.shared = shared;
  }

  /**
   * The constructor of a class that is loaded once more.
   *
   * @param shared the interface by which it is used, which is not loaded once more
   */
  static <T> Supplier<T> constructor(Class<T> shared, Class<? extends T> type) {
    List<URL> places = List.of(placeOf(Hub.class), placeOf(type));
    WithoutAssertions loader = new WithoutAssertions(places, shared);
    loader.setDefaultAssertionStatus(false);
    try {
      Constructor<?> constructor = loader.loadClass(type.getName()).getDeclaredConstructor();
      constructor.setAccessible(true);
      return () -> create(shared, constructor);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T create(Class<T> shared, Constructor<?> constructor) {
    try {
      return shared.cast(constructor.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What shares no state between threads, but takes long to trace. */
  static ManagedStrategyGuarantee stateless() {
    return ManagedStrategyGuaranteeKt.forClasses(
            "io.pipely.core.Names",
            "io.pipely.core.BuiltIn",
            "io.pipely.core.Secrets",
            "io.pipely.Payload",
            "java.security.SecureRandom",
            "com.fasterxml.jackson.core.io.JsonStringEncoder")
        .allMethods()
        .ignore();
  }

  private static URL placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.pipely.") || name.equals(shared.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }
}
