package io.pipely.example.embedded;

import io.pipely.Pipely;
import io.pipely.jetty.PipelyServer;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * An application in which only its own users talk, each as themselves, and which looks after them.
 */
public final class Club implements AutoCloseable {

  static final String CHANNEL = "club-evening"; // An id has twelve characters.

  /** Stands for whatever an application has: session to user. */
  private static final Map<String, String> SESSIONS = Map.of("5e551077", "ann", "5e551078", "ben");

  private final ExecutorService sessions = Executors.newCachedThreadPool();
  private final ExecutorService desk = Executors.newSingleThreadExecutor();
  private final PipelyServer server;
  private final Steward steward;

  /** Opens it. What happens is written to the diary, line by line. */
  Club(int port, Consumer<String> diary) {
    Pipely pipely =
        Pipely.builder()
            .authorizer(new SignedIn(SESSIONS::get, sessions)) // Who may.
            .listener(new Diary(diary)) // What happens.
            .strictOrigins(true) // Only members speak.
            .build();
    server = PipelyServer.builder(pipely).port(port).start();
    steward = new Steward(pipely, CHANNEL, desk);
    steward.begin();
  }

  public static void main(String[] args) throws InterruptedException {
    Club club = new Club(args.length > 0 ? Integer.parseInt(args[0]) : 6550, System.out::println);
    String stream = club.server().uri() + "/subscribe?channelId=" + CHANNEL + "&clientId=ann";
    System.out.println("curl -N -b session=5e551077 '" + stream + "'");
    club.server().join();
  }

  PipelyServer server() {
    return server;
  }

  Steward steward() {
    return steward;
  }

  @Override
  public void close() {
    server.close();
    desk.shutdown();
    sessions.shutdown();
  }
}
