package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status of an OciRegistry.
///
/// @param conditions one per type
/// @param endpoint host and port by which images name it
/// @param readyReplicas how many of its pods serve
/// @param storedBytes how much it keeps, by its own account
/// @param lastCollection when it last collected what nobody needs, RFC 3339
/// @param caBundle PEM certificates of the authority of its certificate
public record OciRegistryStatus(
    List<Condition> conditions,
    @Nullable String endpoint,
    @Nullable Integer readyReplicas,
    @Nullable Long storedBytes,
    @Nullable String lastCollection,
    @Nullable String caBundle) {
  public OciRegistryStatus(
      @Nullable List<Condition> conditions,
      @Nullable String endpoint,
      @Nullable Integer readyReplicas,
      @Nullable Long storedBytes,
      @Nullable String lastCollection,
      @Nullable String caBundle) {
    this.conditions = Specs.list(conditions);
    this.endpoint = endpoint;
    this.readyReplicas = readyReplicas;
    this.storedBytes = storedBytes;
    this.lastCollection = lastCollection;
    this.caBundle = caBundle;
  }
}
