package dev.referee.e2e.junit;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.tools.GoBuilds;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands the clients to a test class, with a home that goes with the class: what one class logs in
/// to, another does not see.
final class ClientsExtension implements BeforeAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ClientsExtension.class);

  /// Kept where the class is, so that its methods share it and its end removes it.
  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Clients.class, Clients.create(GoBuilds.standard()));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Clients.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var clients = context.getStore(NAMESPACE).get(Clients.class, Clients.class);
    if (clients == null) {
      throw new IllegalStateException("the class of the test was not set up");
    }
    return clients;
  }
}
