package dev.referee.registry.content;

import dev.referee.registry.storage.ObjectStore;
import java.time.InstantSource;

/// Everything that the registry keeps, over one store.
///
/// @param repositories which repositories exist
/// @param blobs their blobs
/// @param uploads blobs on their way in
/// @param tags their tags
/// @param manifests their manifests
/// @param referrers what refers to what
/// @param pins who needs which manifest
public record RegistryContent(
    Repositories repositories,
    Blobs blobs,
    Uploads uploads,
    Tags tags,
    Manifests manifests,
    Referrers referrers,
    Pins pins) {
  /// Opens the content of a store. Nothing is read until it is asked for.
  ///
  /// @param sparse which manifests may name what is not here
  public static RegistryContent over(
      ObjectStore store, InstantSource clock, UploadLimits uploadLimits, SparseManifests sparse) {
    var ids = new PushIds(clock);
    var repositories = new Repositories(store);
    var blobs = new Blobs(store, repositories, ids);
    var tags = new Tags(store, clock);
    return new RegistryContent(
        repositories,
        blobs,
        new Uploads(store, blobs, uploadLimits, clock),
        tags,
        new Manifests(store, blobs, repositories, tags, ids, clock, sparse),
        new Referrers(store),
        new Pins(store, clock, ids));
  }
}
