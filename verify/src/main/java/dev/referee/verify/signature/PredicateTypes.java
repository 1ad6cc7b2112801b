package dev.referee.verify.signature;

import dev.referee.api.v1alpha1.SbomFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What predicate types mean: exact lists. A prefix match would let a signer of one kind of
/// statement pass for another (CVE-2022-35929).
public final class PredicateTypes {
  /// "I sign this image", as cosign says it since version 3.
  public static final String COSIGN_SIGN = "https://sigstore.dev/cosign/sign/v1";

  private static final Map<String, SbomFormat> SBOM =
      Stream.concat(
              Stream.of("", "/v2.2", "/v2.3", "/v3", "/v3.0", "/v3.0.1")
                  .map(
                      version -> Map.entry("https://spdx.dev/Document" + version, SbomFormat.SPDX)),
              Stream.of("", "/v1.2", "/v1.3", "/v1.4", "/v1.5", "/v1.6", "/v1.7")
                  .map(
                      version ->
                          Map.entry("https://cyclonedx.org/bom" + version, SbomFormat.CYCLONEDX)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private PredicateTypes() {}

  /// The SBOM format that a predicate of this type must be, if it is an SBOM's type.
  public static Optional<SbomFormat> sbomFormat(String predicateType) {
    return Optional.ofNullable(SBOM.get(predicateType));
  }
}
