package dev.referee.registry.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// A store that lets something happen right after its calls, so that a test decides what falls
/// between two steps of somebody else.
public final class HookedStore {
  private HookedStore() {}

  /// What happens.
  @FunctionalInterface
  public interface Hook {
    /// A call was answered.
    ///
    /// @param method the method that was called, such as `list`
    /// @param first its first argument: a key, a prefix or an upload's id
    void called(String method, String first) throws Exception;
  }

  /// A store that calls the hook when a call has been answered.
  public static ObjectStore after(ObjectStore store, Hook hook) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (_, method, arguments) -> {
              try {
                var result = method.invoke(store, arguments);
                hook.called(method.getName(), String.valueOf(arguments[0]));
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
