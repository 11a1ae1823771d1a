package io.pipely.core;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * A scenario for Lincheck as text: {@code "join 0, leave 0"} are two operations of one thread.
 * Model checking is slow, so that it is given the few scenarios that matter.
 */
final class Scenario {

  private final Class<?> type;

  private Scenario(Class<?> type) {
    this.type = type;
  }

  /**
   * Makes one.
   *
   * @param type whose operations these are
   * @param before what is done first, by the first thread
   * @param threads what is done by each of the threads, at once
   * @param after what is done last
   */
  static ExecutionScenario of(Class<?> type, String before, List<String> threads, String after) {
    Scenario scenario = new Scenario(type);
    return new ExecutionScenario(
        scenario.actors(before),
        threads.stream().map(scenario::actors).toList(),
        scenario.actors(after),
        scenario.validation());
  }

  private List<Actor> actors(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(operation -> !operation.isEmpty())
        .map(this::actor)
        .toList();
  }

  private Actor actor(String operation) {
    String[] words = operation.split(" ", -1);
    List<Integer> arguments = Arrays.stream(words).skip(1).map(Integer::valueOf).toList();
    return new Actor(method(words[0]), arguments);
  }

  private Method method(String name) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " in " + type));
  }

  private Actor validation() {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.isAnnotationPresent(Validate.class))
        .map(method -> new Actor(method, List.of()))
        .findFirst()
        .orElse(null);
  }
}
