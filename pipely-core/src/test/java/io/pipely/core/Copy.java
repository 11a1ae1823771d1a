package io.pipely.core;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * A class and all of this package that it uses, once more under other names: without assertions,
 * since model checking replaces locks by its own, of which {@link Thread#holdsLock} knows nothing;
 * and with one thing made wrong, where that is wanted. Lincheck finds classes by their names, so
 * that a class loader of their own would not do.
 */
final class Copy {

  private static final String OURS = "io/pipely/core/";
  private static final String MARK = "__"; // No name in the sources has it.
  private static final AtomicInteger COPIES = new AtomicInteger();

  private final String suffix = MARK + COPIES.incrementAndGet();
  private final Class<?> shared;
  private final Mutation mutation;
  private final Map<String, Class<?>> made = new HashMap<>();
  private final Deque<String> wanted = new ArrayDeque<>();

  private Copy(Class<?> shared, Mutation mutation) {
    this.shared = shared;
    this.mutation = mutation;
  }

  /**
   * The constructor of a class's copy.
   *
   * @param shared the interface by which it is used, which is not copied
   * @param mutation what is made wrong, or null
   */
  static <T> Supplier<T> constructor(Class<T> shared, Class<? extends T> type, Mutation mutation) {
    try {
      Constructor<?> constructor = new Copy(shared, mutation).of(type).getDeclaredConstructor();
      constructor.setAccessible(true);
      return () -> create(shared, constructor);
    } catch (ReflectiveOperationException | IOException e) {
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

  /** The name in the sources of a class that may be a copy. */
  static String sourceName(String name) {
    int end = name.indexOf(MARK);
    return end < 0 ? name : name.substring(0, end);
  }

  private Class<?> of(Class<?> type) throws IOException, IllegalAccessException {
    Class<?> copy = make(type.getName().replace('.', '/'));
    while (!wanted.isEmpty()) {
      make(wanted.remove());
    }
    return copy;
  }

  /** Makes one, and ahead of it those that it extends. */
  private Class<?> make(String name) throws IOException, IllegalAccessException {
    Class<?> known = made.get(name);
    if (known != null) {
      return known;
    }
    byte[] source = read(name);
    ClassReader reader = new ClassReader(source);
    if (isCopied(reader.getSuperName())) {
      make(reader.getSuperName());
    }
    for (String type : reader.getInterfaces()) {
      if (isCopied(type)) {
        make(type);
      }
    }
    boolean isWrong = mutation != null && mutation.concerns(name.replace('/', '.'));
    byte[] copy = copied(isWrong ? mutation.apply(source) : source);
    Class<?> type = define(name, copy);
    made.put(name, type);
    return type;
  }

  private Class<?> define(String name, byte[] copy) throws IllegalAccessException {
    try {
      return MethodHandles.lookup().defineClass(copy);
    } catch (NoClassDefFoundError e) { // It is linked too early, and once more when it is used.
      return known(name.replace('/', '.') + suffix);
    }
  }

  private static Class<?> known(String name) {
    try {
      return Class.forName(name, false, Copy.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = Copy.class.getClassLoader().getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    }
  }

  private boolean isCopied(String name) {
    return name.startsWith(OURS) && !name.equals(shared.getName().replace('.', '/'));
  }

  private byte[] copied(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    ClassVisitor renaming = new ClassRemapper(writer, new Names());
    new ClassReader(classFile).accept(new AssertionsOff(renaming), 0);
    return writer.toByteArray();
  }

  private final class Names extends Remapper {

    Names() {
      super(Opcodes.ASM9);
    }

    @Override
    public String map(String name) {
      if (!isCopied(name)) {
        return name;
      }
      wanted.add(name);
      return name + suffix;
    }
  }

  private static final class AssertionsOff extends ClassVisitor {

    AssertionsOff(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitFieldInsn(int code, String owner, String field, String type) {
          if (code == Opcodes.GETSTATIC && field.equals("$assertionsDisabled")) {
            visitInsn(Opcodes.ICONST_1);
          } else {
            super.visitFieldInsn(code, owner, field, type);
          }
        }
      };
    }
  }
}
