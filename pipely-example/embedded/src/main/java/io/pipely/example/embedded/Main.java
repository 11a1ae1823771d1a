package io.pipely.example.embedded;

import io.pipely.Answer;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Pipely;
import io.pipely.Subscriber;
import io.pipely.jetty.PipelyServer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** An application that reports the weather to whoever listens, and listens itself. */
public final class Main {

  private static final String CHANNEL = "weather-here"; // An id has twelve characters.

  /** What Jackson can write can be published. This becomes {@code {"celsius":21.5}}. */
  record Reading(double celsius) {}

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 6550;

    // 1. All channels are in one object. A server in front of it makes them reachable over HTTP.
    Pipely pipely = Pipely.create();
    PipelyServer server = PipelyServer.builder(pipely).port(port).start();
    System.out.println(
        "curl -N '" + server.uri() + "/subscribe?channelId=" + CHANNEL + "&clientId=curl'");

    // 2. The application joins, as any client does, but without a socket. Events come one by one,
    // on an executor of its own. A channel lives while it has members; this one keeps it alive.
    Subscriber listener = Subscriber.on(Executors.newSingleThreadExecutor(), Main::print);
    Join join = Join.of(CHANNEL, "application");
    Answer.future(answer -> pipely.join(join, listener, answer)).join();

    // 3. It publishes. The origin is "server", which no client can call itself.
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    var unused = timer.scheduleAtFixedRate(() -> measure(pipely), 0, 1, TimeUnit.SECONDS);

    server.join();
  }

  private static void measure(Pipely pipely) {
    Reading reading = new Reading(20 + ThreadLocalRandom.current().nextInt(50) / 10.0);
    pipely.publish(
        CHANNEL, "reading", reading, Answer.of(receipt -> {}, why -> System.err.println(why)));
  }

  private static void print(Event event) {
    System.out.println(event.originId() + " " + event.type() + " " + event.payload());
  }
}
