package dev.referee.verify.trust;

/// The name that a log signs its checkpoints by: its base URL without the scheme, which the base
/// URL may lack too (C2SP signed-note, and what Rekor does).
final class LogName {
  private LogName() {}

  static String of(String baseUrl) {
    int scheme = baseUrl.indexOf("://");
    var name = scheme < 0 ? baseUrl : baseUrl.substring(scheme + 3);
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }
}
