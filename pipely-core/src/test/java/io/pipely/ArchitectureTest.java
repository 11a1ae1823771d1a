package io.pipely;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may know what. */
class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.pipely");

  @Test
  void theRulesDoNotKnowTheProtocol() {
    noClasses()
        .that()
        .resideInAPackage("io.pipely.core")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.pipely.http..")
        .check(MAIN);
  }

  @Test
  void theProtocolDoesNotKnowTheInsideOfTheRules() {
    noClasses()
        .that()
        .resideInAPackage("io.pipely.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.pipely.core..")
        .check(MAIN);
  }

  @Test
  void nothingKnowsAServerOrASocket() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.eclipse.jetty..",
            "jakarta..",
            "javax.servlet..",
            "java.net..",
            "java.nio.channels..",
            "com.sun.net..")
        .check(MAIN);
  }

  @Test
  void theRulesDoNoInputAndOutput() {
    noClasses()
        .that()
        .resideInAPackage("io.pipely.core")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..")
        .check(MAIN);
  }

  @Test
  void nothingInHereUsesTheProtocol() {
    classes()
        .that()
        .resideInAPackage("io.pipely.http")
        .should()
        .onlyBeAccessed()
        .byAnyPackage("io.pipely.http", "io.pipely.config")
        .check(MAIN);
  }

  @Test
  void jacksonIsInNoPublicSignature() {
    List<String> found = new ArrayList<>();
    for (JavaClass type : MAIN) {
      if (isPublicApi(type)) {
        Stream<JavaType> types =
            Stream.concat(
                type.getCodeUnits().stream()
                    .filter(ArchitectureTest::isVisible)
                    .flatMap(unit -> signature(unit)),
                type.getFields().stream()
                    .filter(field -> isVisible(field.getModifiers()))
                    .map(field -> field.getType()));
        types
            .flatMap(t -> t.getAllInvolvedRawTypes().stream())
            .filter(raw -> raw.getPackageName().startsWith("com.fasterxml"))
            .forEach(raw -> found.add(type.getName() + ": " + raw.getName()));
      }
    }
    assertEquals(List.of(), found);
  }

  private static boolean isPublicApi(JavaClass type) {
    return List.of("io.pipely", "io.pipely.http").contains(type.getPackageName())
        && type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isVisible(JavaCodeUnit unit) {
    return isVisible(unit.getModifiers());
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> signature(JavaCodeUnit unit) {
    return Stream.concat(
        Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream()),
        unit.getExceptionTypes().stream());
  }

  @Test
  void thereIsSomethingToCheck() {
    assertFalse(MAIN.contain("io.pipely.ArchitectureTest"));
    for (String name : List.of("io.pipely.Pipely", "io.pipely.core.Hub", "io.pipely.http.Sse")) {
      assertFalse(MAIN.get(name).getDirectDependenciesFromSelf().isEmpty());
    }
  }
}
