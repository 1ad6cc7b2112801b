package dev.referee.e2e.cluster;

import java.util.Optional;

/// Where images of containers come from.
@FunctionalInterface
interface ContainerImages {
  /// Why a container of the image cannot be started: a clause. Empty when it can.
  Optional<String> missing(String image);
}
