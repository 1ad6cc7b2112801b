package dev.referee.cli;

import static org.slf4j.Logger.ROOT_LOGGER_NAME;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/// Servers tell what they do; commands that print a result do not.
final class ServerLogging {
  private ServerLogging() {}

  static void enable(LogFormat format) {
    if (LoggerFactory.getLogger("dev.referee") instanceof Logger logger) {
      logger.setLevel(Level.INFO);
    }
    if (format == LogFormat.JSON
        && LoggerFactory.getLogger(ROOT_LOGGER_NAME) instanceof Logger root) {
      root.iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                  writeJson(stream);
                }
              });
    }
  }

  /// One line a request.
  static void enableAccessLog() {
    if (LoggerFactory.getLogger("dev.referee.access") instanceof Logger logger) {
      logger.setLevel(Level.DEBUG);
    }
  }

  private static void writeJson(OutputStreamAppender<ILoggingEvent> appender) {
    var lines = new JsonLines();
    lines.setContext(appender.getContext());
    lines.start();
    appender.stop();
    appender.setEncoder(lines);
    appender.start();
  }
}
