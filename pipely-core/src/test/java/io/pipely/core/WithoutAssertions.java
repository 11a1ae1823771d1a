package io.pipely.core;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Loads this project's classes once more, with assertions off: model checking replaces locks by its
 * own, of which {@link Thread#holdsLock} knows nothing. Classes of which one is made wrong get
 * another package, since Lincheck prepares classes once for each name.
 */
final class WithoutAssertions extends URLClassLoader {

  private static final String OURS = "io.pipely.";
  private static final AtomicInteger MUTATIONS = new AtomicInteger();

  private final Class<?> shared;
  private final Mutation mutation;

  /** The beginning of the names that classes have here. */
  private final String prefix;

  private WithoutAssertions(List<URL> places, Class<?> shared, Mutation mutation) {
    super(places.toArray(URL[]::new), shared.getClassLoader());
    this.shared = shared;
    this.mutation = mutation;
    this.prefix = mutation == null ? OURS : OURS + "wrong" + MUTATIONS.incrementAndGet() + ".";
  }

  /**
   * The constructor of a class that is loaded once more.
   *
   * @param shared the interface by which it is used, which is not loaded once more
   */
  static <T> Supplier<T> constructor(Class<T> shared, Class<? extends T> type) {
    return constructor(shared, type, null);
  }

  /** The same, with one class that it uses made wrong; a mutation of null is none. */
  static <T> Supplier<T> constructor(Class<T> shared, Class<? extends T> type, Mutation mutation) {
    List<URL> places = List.of(placeOf(Hub.class), placeOf(type));
    WithoutAssertions loader = new WithoutAssertions(places, shared, mutation);
    loader.setDefaultAssertionStatus(false);
    try {
      String name = loader.prefix + type.getName().substring(OURS.length());
      Constructor<?> constructor = loader.loadClass(name).getDeclaredConstructor();
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

  /** The name that a class has in the sources. */
  static String sourceName(String name) {
    return name.replaceFirst("^io\\.pipely\\.wrong[0-9]+\\.", OURS);
  }

  private static URL placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(prefix) || name.equals(shared.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return mutation == null ? findClass(name) : loadWrong(name);
    }
  }

  private Class<?> loadWrong(String name) throws ClassNotFoundException {
    String source = sourceName(name);
    try (InputStream in = getResourceAsStream(source.replace('.', '/') + ".class")) {
      byte[] right = in.readAllBytes();
      byte[] wrong = moved(mutation.concerns(source) ? mutation.apply(right) : right);
      return defineClass(name, wrong, 0, wrong.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] moved(byte[] classFile) {
    Remapper names =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String name) {
            String dotted = name.replace('/', '.');
            boolean isHere = dotted.startsWith(OURS) && !dotted.equals(shared.getName());
            return isHere ? (prefix + dotted.substring(OURS.length())).replace('.', '/') : name;
          }
        };
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(writer, names), 0);
    return writer.toByteArray();
  }
}
