package io.pipely.endurance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.contract.Patience;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a server holds that was made for connections, to find what was left behind. */
record Holdings(int descriptors, int threads, Map<String, Integer> instances) {

  /**
   * Files that a JVM opens when it first needs them: classes, time zones, its own measuring. A leak
   * of one connection in a hundred is more.
   */
  static final int MORE_DESCRIPTORS = 10;

  /** A pool's size is that of the largest crowd so far, and the JVM's compilers come and go. */
  static final int MORE_THREADS = 20;

  /**
   * Of a server's own classes: what is pooled comes and goes with the crowds, on Tomcat by 60 or
   * so, and makes some of its parts when it first needs them. A leak in one way of forty to come
   * and go, of ten thousand connections, is more.
   */
  private static final int MORE_OF_A_SERVER = 200;

  /** And of what it has many parts of, it makes more as it needs them. */
  private static final int PART_MORE_OF_A_SERVER = 5;

  /** One without state is made when it is first needed, and stays. */
  private static final int MORE_OF_A_LAMBDA = 1;

  private static final Pattern OF_PIPELY = Pattern.compile("\\[*L?io\\.pipely\\..*");
  private static final Pattern OF_A_SERVER =
      Pattern.compile("\\[*L?(org\\.eclipse\\.jetty|org\\.apache|sun\\.nio\\.ch)\\..*");

  /** Once nobody is a member any more, which those in their grace are. */
  static Holdings atRest(ServerProcess server) throws IOException, InterruptedException {
    await()
        .atMost(Patience.MANY)
        .untilAsserted(
            () -> assertEquals(0, server.instances().getOrDefault("io.pipely.core.Member", 0)));
    return of(server);
  }

  static Holdings of(ServerProcess server) throws IOException, InterruptedException {
    Map<String, Integer> instances = server.instances(); // A collection closes sockets too.
    return new Holdings(server.openDescriptors(), server.threads(), instances);
  }

  /** What there is more of now, beyond what is to be expected; one line for each. */
  List<String> leftIn(Holdings now) {
    List<String> more = new ArrayList<>();
    compare("descriptors", descriptors, now.descriptors, MORE_DESCRIPTORS, more);
    compare("threads", threads, now.threads, MORE_THREADS, more);
    now.instances.forEach(
        (name, count) -> {
          int before = instances.getOrDefault(name, 0);
          if (OF_PIPELY.matcher(name).matches()) {
            compare(name, before, count, name.contains("$$Lambda") ? MORE_OF_A_LAMBDA : 0, more);
          } else if (OF_A_SERVER.matcher(name).matches()) {
            int most = Math.max(MORE_OF_A_SERVER, before / PART_MORE_OF_A_SERVER);
            compare(name, before, count, most, more);
          }
        });
    return more;
  }

  private static void compare(String what, int before, int now, int most, List<String> more) {
    if (now > before + most) {
      more.add(what + ": " + now + " instead of " + before);
    }
  }
}
