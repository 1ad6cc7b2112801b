package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Who issues the webhook's serving certificate.
public enum CertificateIssuer {
  /// The operator, from an authority of its own.
  @JsonProperty("SelfManaged")
  SELF_MANAGED("SelfManaged"),
  /// cert-manager, into the same Secret; the operator only publishes its authority.
  @JsonProperty("CertManager")
  CERT_MANAGER("CertManager");

  private final String label;

  CertificateIssuer(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
