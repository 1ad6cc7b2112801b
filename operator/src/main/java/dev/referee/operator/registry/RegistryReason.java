package dev.referee.operator.registry;

/// Why a bundled registry is ready or not: stable codes, in the spelling of condition reasons.
/// Beside them stand those of our reader, and those by which a kubelet says why a container waits.
public enum RegistryReason {
  /// It serves.
  READY("Ready"),
  /// No Service can have the object's name.
  UNUSABLE_NAME("UnusableName"),
  /// An object that it needs exists and is somebody else's.
  NAME_TAKEN("NameTaken"),
  /// A Secret that the spec names is not there.
  SECRET_NOT_FOUND("SecretNotFound"),
  /// A Secret that the spec names has not what is needed.
  SECRET_INCOMPLETE("SecretIncomplete"),
  /// The operator may not have the Secrets of this namespace.
  SECRETS_FORBIDDEN("SecretsForbidden"),
  /// A mirror would bring content from its own registry.
  MIRROR_OF_ITSELF("MirrorOfItself"),
  /// The certificate that the spec names does not serve.
  CERTIFICATE_INVALID("CertificateInvalid"),
  /// The storage class that the spec names is not there.
  STORAGE_CLASS_NOT_FOUND("StorageClassNotFound"),
  /// A volume stays in its class.
  STORAGE_CLASS_CANNOT_CHANGE("StorageClassCannotChange"),
  /// A volume never gets smaller.
  STORAGE_CANNOT_SHRINK("StorageCannotShrink"),
  /// The storage class refused to let the volume grow.
  STORAGE_CANNOT_GROW("StorageCannotGrow"),
  /// Nothing has bound the volume claim.
  VOLUME_CLAIM_PENDING("VolumeClaimPending"),
  /// The API server does not say who issues the tokens of service accounts.
  TOKEN_ISSUER_UNKNOWN("TokenIssuerUnknown"),
  /// The API server refused an object, in its own words.
  REFUSED("Refused"),
  /// A pod finds no node.
  UNSCHEDULABLE("Unschedulable"),
  /// Pods are on their way.
  PODS_NOT_READY("PodsNotReady");

  private final String label;

  RegistryReason(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
