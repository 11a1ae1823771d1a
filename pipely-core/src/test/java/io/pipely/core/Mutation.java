package io.pipely.core;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** One thing that is made wrong in a class, to see that it is found. */
final class Mutation {

  private enum Kind {
    WITHOUT_LOCK,
    WITHOUT_IDENTITY
  }

  private final Class<?> type;
  private final String method;
  private final Kind kind;
  private int changes;

  private Mutation(Class<?> type, String method, Kind kind) {
    this.type = type;
    this.method = method;
    this.kind = kind;
  }

  /** A method enters its synchronised blocks without the lock. */
  static Mutation withoutLock(Class<?> type, String method) {
    return new Mutation(type, method, Kind.WITHOUT_LOCK);
  }

  /** A method takes any two objects that it compares for the same. */
  static Mutation withoutIdentity(Class<?> type, String method) {
    return new Mutation(type, method, Kind.WITHOUT_IDENTITY);
  }

  boolean concerns(String className) {
    return type.getName().equals(className);
  }

  byte[] apply(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(0);
    reader.accept(new Methods(writer), 0);
    if (changes == 0) {
      throw new IllegalArgumentException("there is nothing like that: " + this);
    }
    return writer.toByteArray();
  }

  @Override
  public String toString() {
    return kind + " " + type.getSimpleName() + "." + method;
  }

  private final class Methods extends ClassVisitor {

    Methods(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return name.equals(method) ? new Instructions(next) : next;
    }
  }

  private final class Instructions extends MethodVisitor {

    Instructions(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitInsn(int code) {
      boolean isLocking = code == Opcodes.MONITORENTER || code == Opcodes.MONITOREXIT;
      if (kind == Kind.WITHOUT_LOCK && isLocking) {
        changes++;
        super.visitInsn(Opcodes.POP);
      } else {
        super.visitInsn(code);
      }
    }

    @Override
    public void visitJumpInsn(int code, Label label) {
      boolean isComparing = code == Opcodes.IF_ACMPEQ || code == Opcodes.IF_ACMPNE;
      if (kind == Kind.WITHOUT_IDENTITY && isComparing) {
        changes++;
        super.visitInsn(Opcodes.POP);
        super.visitInsn(Opcodes.DUP); // So that it is compared with itself.
      }
      super.visitJumpInsn(code, label);
    }
  }
}
