package io.pipely.endurance;

/** Two nodes and all their faults, for as many channels and events as one likes. */
final class NodesMain {

  private static final String USAGE = "NodesMain [channels [events [events-a-second [seed]]]]";

  private NodesMain() {}

  /** Takes what {@link #USAGE} says; fails where anything was wrong. */
  public static void main(String[] args) throws Exception {
    try {
      int channels = args.length > 0 ? Integer.parseInt(args[0]) : 200;
      int events = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
      int eventsPerSecond = args.length > 2 ? Integer.parseInt(args[2]) : 250;
      long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime();
      new NodesRun(seed, channels, events, eventsPerSecond).run();
    } catch (NumberFormatException e) {
      System.err.println(USAGE);
      System.exit(2);
    }
    System.exit(0);
  }
}
