package dev.referee.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Applies a function to the elements of a list at the same time, each on a virtual thread, and
/// waits for all of them.
public final class Parallel {
  private Parallel() {}

  /// Applies the function to every element.
  ///
  /// @return the results, in the order of the elements
  /// @throws IllegalStateException when the function threw, with the cause, or when the waiting
  ///   thread was interrupted
  public static <E, R> List<R> map(List<E> elements, Function<E, R> function) {
    if (elements.size() == 1) {
      return List.of(function.apply(elements.getFirst()));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<R>>();
      for (var element : elements) {
        futures.add(threads.submit(() -> function.apply(element)));
      }
      var results = new ArrayList<R>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a parallel task failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for parallel tasks", e);
    }
  }
}
