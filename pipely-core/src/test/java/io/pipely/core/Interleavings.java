package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How operations of several threads are run against each other: few times in an ordinary build, and
 * {@code -Dpipely.test.interleavings=N} times as often with that property.
 */
final class Interleavings {

  private static final int TIMES = Integer.getInteger("pipely.test.interleavings", 1);

  private Interleavings() {}

  /**
   * One after the other, of the scenarios that are added to it.
   *
   * @param subjects the classes that are looked into, beside the recorder, by which they call each
   *     other; whatever else they call is taken for one step
   */
  static ModelCheckingOptions modelled(Class<?>... subjects) {
    Set<String> names =
        Stream.concat(Stream.of(Held.class), Arrays.stream(subjects))
            .map(Class::getName)
            .collect(Collectors.toSet());
    return new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(100 * TIMES)
        .invocationTimeout$lincheck(Duration.ofMinutes(2).toMillis()) // A machine may be busy.
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(name -> isOneStep(name, names))
                .allMethods()
                .ignore());
  }

  private static boolean isOneStep(String loadedName, Set<String> subjects) {
    String name = WithoutAssertions.sourceName(loadedName);
    boolean isOurs = name.startsWith("io.pipely.") && !name.contains("LincheckTest");
    boolean isForOneThread =
        name.startsWith("java.util.") && !name.startsWith("java.util.concurrent.");
    return isForOneThread
        || name.startsWith("java.security.")
        || name.startsWith("com.fasterxml.")
        || (isOurs && !subjects.contains(name));
  }

  /** By chance, of scenarios that are made by chance too. */
  static StressOptions byChance() {
    return new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(1)
        .actorsAfter(0)
        .iterations(5 * TIMES)
        .invocationsPerIteration(500);
  }

  /**
   * Checks that something is wrong with a class. Model checking ends where it finds it, and finds
   * it every time or never.
   */
  static void assertCaught(ModelCheckingOptions options, Class<?> type) {
    assertThrows(
        LincheckAssertionError.class,
        () -> options.invocationsPerIteration(3_000).minimizeFailedScenario(false).check(type),
        () -> type.getSimpleName() + " was not caught");
  }
}
