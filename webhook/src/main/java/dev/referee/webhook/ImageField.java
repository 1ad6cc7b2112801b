package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

/// One place of an object that names an image.
///
/// @param path where it stands: `spec.initContainers[0].image`
/// @param slot what it is the image of, which stays the same when others are added or removed:
///   `initContainers/migrate`
/// @param image what it names, as written
record ImageField(String path, String slot, String image) {
  ImageField {
    requireNonNull(path, "path is null");
    requireNonNull(slot, "slot is null");
    requireNonNull(image, "image is null");
  }
}
