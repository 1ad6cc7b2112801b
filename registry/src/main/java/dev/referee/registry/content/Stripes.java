package dev.referee.registry.content;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Locks by key, few for any number of keys. They order what this process does; nothing that
/// matters to several processes rests on them.
final class Stripes {
  private static final int COUNT = 256;

  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(COUNT).toList();

  ReentrantLock of(String key) {
    return locks.get(Math.floorMod(key.hashCode(), COUNT));
  }
}
