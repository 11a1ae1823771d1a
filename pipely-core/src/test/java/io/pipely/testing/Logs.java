package io.pipely.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Catches what a class logs, while open, and keeps it from the console. */
public final class Logs implements AutoCloseable {

  private final Logger logger;
  private final boolean wasAdditive;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private Logs(Logger logger, Level level) {
    this.logger = logger;
    this.wasAdditive = logger.isAdditive();
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
    logger.setLevel(null);
  }
}
