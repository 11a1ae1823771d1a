package io.pipely.servlet;

import io.pipely.contract.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;

/** An embedded Tomcat on a free port. */
final class TomcatContainer implements RunningServer {

  private final Path home;
  private final Tomcat tomcat = new Tomcat();
  private final Mount mount;
  private Context context;

  private TomcatContainer(Mount mount, Path home) {
    this.mount = mount;
    this.home = home;
  }

  static TomcatContainer start(Mount mount) throws Exception {
    TomcatContainer container = new TomcatContainer(mount, Files.createTempDirectory("tomcat"));
    try {
      container.start();
      return container;
    } catch (Throwable e) {
      container.close();
      throw e;
    }
  }

  private void start() throws LifecycleException {
    tomcat.setBaseDir(home.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("acceptCount", "4096"); // A thousand clients come at once.
    connector.setProperty("socket.txBufSize", "16384"); // As the README says.
    connector.setProperty("connectionTimeout", "5000"); // A quarter of the default.
    tomcat.setConnector(connector);
    ErrorReportValve errors = new ErrorReportValve();
    errors.setShowReport(false); // Tomcat's own pages for what never gets to the servlet.
    tomcat.getHost().getPipeline().addValve(errors);
    context = tomcat.addContext(mount.context(), home.toString());
    Wrapper wrapper = Tomcat.addServlet(context, "pipely", mount.servlet());
    wrapper.setAsyncSupported(mount.isAsyncSupported());
    wrapper.setLoadOnStartup(1);
    mount.initParams().forEach(wrapper::addInitParameter);
    wrapper.addMapping(mount.mapping());
    tomcat.start();
  }

  /** Whether the application came up; Tomcat itself does even where it does not. */
  boolean isAvailable() {
    return context.getState() == LifecycleState.STARTED;
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + mount.base());
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat did not stop", e);
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
