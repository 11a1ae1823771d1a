package io.pipely.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Catches what a class logs, while open, and keeps it from the console. */
public final class Logs implements AutoCloseable {

  private final Logger logger;
  private final boolean wasAdditive;
  private final Level levelBefore;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private Logs(Logger logger, Level level) {
    this.logger = logger;
    this.wasAdditive = logger.isAdditive();
    this.levelBefore = logger.getLevel();
    appender.start();
    logger.setAdditive(false);
    logger.setLevel(level);
    logger.addAppender(appender);
  }

  /** Of a class, from warnings on; by its name, since it may be hidden from here. */
  public static Logs of(String className) {
    return new Logs((Logger) LoggerFactory.getLogger(className), Level.WARN);
  }

  /** Of a class, from a level on. */
  public static Logs of(Class<?> type, Level level) {
    return new Logs((Logger) LoggerFactory.getLogger(type), level);
  }

  public static Logs of(Class<?> type) {
    return of(type.getName());
  }

  /** Of all classes whose names begin so, from a level on; all there are for the root's name. */
  public static Logs under(String prefix, Level level) {
    return new Logs((Logger) LoggerFactory.getLogger(prefix), level);
  }

  /** All that a log could hold of it, exceptions and threads included. */
  public String everything() {
    StringBuilder all = new StringBuilder();
    synchronized (appender) {
      for (ILoggingEvent event : appender.list) {
        all.append(event.getThreadName()).append(' ').append(event.getLoggerName()).append(' ');
        all.append(event.getLevel()).append(' ').append(event.getFormattedMessage()).append('\n');
        if (event.getThrowableProxy() != null) {
          all.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
        }
      }
    }
    return all.toString();
  }

  /** One line for each: level and message, without the exception. */
  public List<String> lines() {
    synchronized (appender) {
      return appender.list.stream()
          .map(event -> event.getLevel() + " " + event.getFormattedMessage())
          .toList();
    }
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(wasAdditive);
    logger.setLevel(levelBefore);
  }
}
