package dev.referee.verify.pki;

import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.revocation.RevocationUnavailableException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lists and answers by address, and a note of who was asked.
public final class MemoryRevocation implements RevocationSource {
  private final Map<URI, byte[]> contents = new HashMap<>();
  private final List<URI> asked = new ArrayList<>();

  public MemoryRevocation put(String address, byte[] content) {
    contents.put(URI.create(address), content);
    return this;
  }

  /// In the order of the questions.
  public List<URI> asked() {
    return List.copyOf(asked);
  }

  @Override
  public byte[] list(URI location, int maxBytes) throws RevocationUnavailableException {
    return content(location);
  }

  @Override
  public byte[] status(URI responder, byte[] request, int maxBytes)
      throws RevocationUnavailableException {
    return content(responder);
  }

  private byte[] content(URI address) throws RevocationUnavailableException {
    asked.add(address);
    var content = contents.get(address);
    if (content == null) {
      throw new RevocationUnavailableException("nobody answers");
    }
    return content;
  }
}
