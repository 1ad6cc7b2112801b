package dev.referee.deploy.image;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;

/// What an image is made of.
///
/// @param jars a folder with every jar of the executable
/// @param jdk a JDK for the platform of the image, which is this machine's
/// @param version of Referee; the image's tag
/// @param time of everything in the image
record ImageInputs(Path jars, Path jdk, String version, Instant time) {
  ImageInputs {
    requireNonNull(jars, "jars is null");
    requireNonNull(jdk, "jdk is null");
    requireNonNull(version, "version is null");
    requireNonNull(time, "time is null");
  }

  String name() {
    return "referee:" + version;
  }
}
