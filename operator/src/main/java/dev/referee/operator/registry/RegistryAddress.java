package dev.referee.operator.registry;

import io.fabric8.kubernetes.api.model.Service;

/// Where a Service is reached without a name server.
final class RegistryAddress {
  private RegistryAddress() {}

  /// Host and port.
  static String of(Service service, int port) {
    var address = service.getSpec().getClusterIP();
    return "%s:%d".formatted(address.contains(":") ? "[" + address + "]" : address, port);
  }
}
