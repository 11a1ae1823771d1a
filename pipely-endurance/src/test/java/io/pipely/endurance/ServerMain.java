package io.pipely.endurance;

import io.pipely.Pipely;
import io.pipely.PipelyBuilder;
import io.pipely.config.TextOptions;
import io.pipely.http.PipelyHttp;
import io.pipely.jetty.PipelyServer;
import io.pipely.redis.RedisLedger;
import io.pipely.servlet.PipelyServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * A server as a process of its own, so that its heap, threads and descriptors are its alone. It
 * ends when its standard input does, so that none outlives the test that started it; in good order
 * where a byte comes ahead of that.
 */
final class ServerMain {

  /** A system property: in ms, how long Tomcat itself waits for one who takes nothing. */
  static final String TOMCAT_TIMEOUT = "pipely.endurance.tomcat-timeout";

  /** A system property: the port, where not any that is free. */
  static final String PORT = "pipely.endurance.port";

  /** A system property: the Redis that Jetty shares with other nodes; none if not given. */
  static final String REDIS = "pipely.endurance.redis";

  private ServerMain() {}

  private record Running(URI uri, AutoCloseable inGoodOrder) {}

  /** Takes the server's name, a directory it may write to, and options as {@code name=text}. */
  public static void main(String[] args) throws Exception {
    ServerKind kind = ServerKind.valueOf(args[0]);
    Map<String, String> options = new TreeMap<>();
    for (int i = 2; i < args.length; i++) {
      String[] option = args[i].split("=", 2);
      options.put(option[0], option[1]);
    }
    Running server =
        switch (kind) {
          case JETTY -> jetty(options);
          case TOMCAT -> tomcat(Path.of(args[1]), options);
        };
    System.out.println(ServerProcess.LISTENING + server.uri());
    if (System.in.read() >= 0) {
      server.inGoodOrder().close();
    }
    System.exit(0);
  }

  private static Running jetty(Map<String, String> options) {
    TextOptions read = TextOptions.of(options, UnaryOperator.identity());
    PipelyBuilder rules = Pipely.builder();
    read.applyTo(rules);
    String redis = System.getProperty(REDIS);
    if (redis != null) {
      rules.ledger(RedisLedger.connect(redis));
    }
    Pipely pipely = rules.build();
    PipelyHttp.Builder protocol = PipelyHttp.builder(pipely);
    read.applyTo(protocol);
    PipelyServer server =
        PipelyServer.builder(pipely)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()))
            .http(protocol.build())
            .start();
    return new Running(server.uri(), server);
  }

  private static int port() {
    return Integer.getInteger(PORT, 0);
  }

  /** With the settings of which the README speaks. */
  private static Running tomcat(Path home, Map<String, String> options) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createDirectories(home).toString());
    Connector connector = new Connector();
    connector.setPort(port());
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("connectionTimeout", System.getProperty(TOMCAT_TIMEOUT, "20000"));
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("acceptCount", "4096");
    connector.setProperty("socket.txBufSize", "16384");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", home.toString());
    Wrapper wrapper = Tomcat.addServlet(context, "pipely", new PipelyServlet());
    wrapper.setAsyncSupported(true);
    wrapper.setLoadOnStartup(1);
    options.forEach(wrapper::addInitParameter);
    wrapper.addMapping("/*");
    tomcat.start();
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    return new Running(uri, tomcat::stop);
  }
}
