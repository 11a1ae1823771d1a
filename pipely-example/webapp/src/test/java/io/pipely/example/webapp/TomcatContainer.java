package io.pipely.example.webapp;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, which unpacks the WAR into a folder of its own. */
final class TomcatContainer implements Container {

  private final Tomcat tomcat;
  private final Context context;
  private final Connector connector;

  private TomcatContainer(Tomcat tomcat, Context context, Connector connector) {
    this.tomcat = tomcat;
    this.context = context;
    this.connector = connector;
  }

  static TomcatContainer start(Path war, Path folder) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    Files.createDirectories(folder.resolve("webapps"));
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    Context context = tomcat.addWebapp(CONTEXT_PATH, war.toString());
    context.setParentClassLoader(new ServerClasses());
    context.addLifecycleListener(TomcatContainer::removeJsp);
    tomcat.start();
    return new TomcatContainer(tomcat, context, connector);
  }

  /** Tomcat registers a servlet for JSP pages, whose class is in a JAR that is not here. */
  private static void removeJsp(LifecycleEvent event) {
    if (Lifecycle.BEFORE_START_EVENT.equals(event.getType())
        && event.getLifecycle() instanceof Context context) {
      context.removeServletMapping("*.jsp");
      context.removeServletMapping("*.jspx");
      context.removeChild(context.findChild("jsp"));
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + CONTEXT_PATH);
  }

  @Override
  public void undeploy() throws Exception {
    context.stop();
    tomcat.getHost().removeChild(context);
  }

  @Override
  public void close() throws Exception {
    if (tomcat.getServer().getState().isAvailable()) {
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
