package dev.referee.verify.revocation;

import java.net.URI;

/// Where revocation is looked up: the one way of this module to the outside, walked by whoever
/// calls it. What comes back is believed only for its signature, so it may be old, or from a cache.
public interface RevocationSource {
  /// Where nobody can be asked: whatever has to be looked up stays unknown.
  RevocationSource NONE =
      new RevocationSource() {
        @Override
        public byte[] list(URI location, int maxBytes) throws RevocationUnavailableException {
          throw new RevocationUnavailableException("nobody is asked here");
        }

        @Override
        public byte[] status(URI responder, byte[] request, int maxBytes)
            throws RevocationUnavailableException {
          throw new RevocationUnavailableException("nobody is asked here");
        }
      };

  /// A list of revoked certificates.
  ///
  /// @param location an `http` address out of a certificate
  /// @param maxBytes more than this is refused
  byte[] list(URI location, int maxBytes) throws RevocationUnavailableException;

  /// The answer of a responder.
  ///
  /// @param responder an `http` address out of a certificate
  /// @param request an OCSPRequest in DER
  /// @param maxBytes more than this is refused
  byte[] status(URI responder, byte[] request, int maxBytes) throws RevocationUnavailableException;
}
