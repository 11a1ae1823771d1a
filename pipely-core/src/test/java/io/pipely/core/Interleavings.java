package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
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

  /**
   * What is looked into: all that lock, or call what does, and the log. The rest is taken for one
   * step, or there would be far too many.
   */
  private static final Set<String> SUBJECTS =
      Stream.of(
              Hub.class,
              Channel.class,
              Announcement.class,
              Departure.class,
              Entrance.class,
              Attachment.class,
              FanOut.class,
              Turn.class,
              Handover.class,
              Log.class,
              Held.class)
          .map(Class::getName)
          .collect(Collectors.toSet());

  private Interleavings() {}

  /** One after the other, of the scenarios that are added to it. */
  static ModelCheckingOptions modelled(Class<?> specification) {
    return new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(100 * TIMES)
        .invocationTimeout$lincheck(Duration.ofMinutes(2).toMillis()) // A machine may be busy.
        .sequentialSpecification(specification)
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(Interleavings::isOneStep).allMethods().ignore());
  }

  private static boolean isOneStep(String loadedName) {
    String name = Copy.sourceName(loadedName);
    boolean isOurs = name.startsWith("io.pipely.") && !name.contains("LincheckTest");
    boolean isForOneThread =
        name.startsWith("java.util.") && !name.startsWith("java.util.concurrent.");
    return isForOneThread
        || name.startsWith("java.security.")
        || name.startsWith("com.fasterxml.")
        || (isOurs && !SUBJECTS.contains(name));
  }

  /** By chance, of scenarios that are made by chance too. */
  static StressOptions byChance(Class<?> specification) {
    return new StressOptions()
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(1)
        .actorsAfter(0)
        .iterations(5 * TIMES)
        .invocationsPerIteration(500)
        .sequentialSpecification(specification);
  }

  /**
   * Checks that it is seen what is wrong with a class. Model checking ends where it finds it, and
   * finds it every time or never.
   *
   * @param how a part of what is said of it
   */
  static void assertCaught(
      Class<?> type, Class<?> specification, ExecutionScenario scenario, String how) {
    ModelCheckingOptions options =
        modelled(specification)
            .invocationsPerIteration(3_000)
            .minimizeFailedScenario(false)
            .addCustomScenario(scenario);
    LincheckAssertionError error =
        assertThrows(
            LincheckAssertionError.class,
            () -> options.check(type),
            () -> type.getSimpleName() + " was not caught");
    assertTrue(error.getMessage().contains(how), error::getMessage);
  }
}
