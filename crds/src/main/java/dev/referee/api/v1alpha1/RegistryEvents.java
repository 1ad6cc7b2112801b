package dev.referee.api.v1alpha1;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// Whom a bundled registry tells of every push and deletion.
///
/// @param sink an `http` or `https` URL that takes CloudEvents
/// @param tokenRef a Secret of the same namespace whose value `token` the sink wants as a Bearer
///   token; absent, it wants none
/// @param caBundle PEM certificates of authorities that vouch for the sink; absent, the system's
public record RegistryEvents(
    String sink, @Nullable SecretReference tokenRef, @Nullable String caBundle) {
  private static final int MAX_PORT = 65_535;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  public RegistryEvents(
      @Nullable String sink, @Nullable SecretReference tokenRef, @Nullable String caBundle) {
    this.sink = Specs.required(sink, "sink");
    this.tokenRef = tokenRef;
    this.caBundle = caBundle;
    Specs.check(
        isSink(this.sink), "sink is not an http or https URL, without credentials and fragment");
    Specs.check(
        isEncrypted() || caBundle == null, "a sink that is not https has no use for caBundle");
    Specs.check(
        isEncrypted() || tokenRef == null, "a token is not sent to a sink that is not https");
  }

  /// The port of the sink.
  public int port() {
    int port = URI.create(sink).getPort();
    return port > 0 ? port : isEncrypted() ? HTTPS : HTTP;
  }

  private boolean isEncrypted() {
    return sink.startsWith("https://");
  }

  private static boolean isSink(String sink) {
    try {
      var uri = new URI(sink);
      return (sink.startsWith("https://") || sink.startsWith("http://"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && uri.getPort() != 0
          && uri.getPort() <= MAX_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
