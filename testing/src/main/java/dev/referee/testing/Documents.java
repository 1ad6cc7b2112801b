package dev.referee.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Small documents as scanners and SBOM tools write them.
public final class Documents {
  public static final String SPDX_TYPE = "application/spdx+json";
  public static final String CYCLONEDX_TYPE = "application/vnd.cyclonedx+json";
  public static final String SARIF_TYPE = "application/sarif+json";

  private Documents() {}

  /// An SPDX 2.3 document with one package of this name.
  public static byte[] spdx(String packageName) {
    return """
    {"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"sbom",
     "documentNamespace":"https://example.com/sbom","creationInfo":{"created":"2026-01-01T00:00:00Z",
     "creators":["Tool: example"]},"packages":[{"SPDXID":"SPDXRef-p","name":"%s",
     "versionInfo":"1.0","downloadLocation":"NOASSERTION"}]}
    """
        .formatted(packageName)
        .getBytes(UTF_8);
  }

  /// A CycloneDX 1.6 document with one component of this name.
  public static byte[] cycloneDx(String componentName) {
    return """
    {"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
     "components":[{"type":"library","name":"%s","version":"1.0"}]}
    """
        .formatted(componentName)
        .getBytes(UTF_8);
  }

  /// A SARIF 2.1.0 report with one finding.
  public static byte[] sarif(String ruleId) {
    return """
    {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scanner"}},
     "results":[{"ruleId":"%s","level":"note","message":{"text":"example"}}]}]}
    """
        .formatted(ruleId)
        .getBytes(UTF_8);
  }
}
