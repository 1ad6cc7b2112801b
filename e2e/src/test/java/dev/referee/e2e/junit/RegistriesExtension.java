package dev.referee.e2e.junit;

import dev.referee.e2e.clients.BundledRegistries;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands out the registries of this run. The first class that needs them starts them; the end of
/// the run stops them.
final class RegistriesExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RegistriesExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == BundledRegistries.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            BundledRegistries.class, _ -> BundledRegistries.start(), BundledRegistries.class);
  }
}
