package dev.referee.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// Servers tell what they do; commands that print a result do not.
final class ServerLogging {
  private ServerLogging() {}

  static void enable() {
    if (LoggerFactory.getLogger("dev.referee") instanceof Logger logger) {
      logger.setLevel(Level.INFO);
    }
  }
}
