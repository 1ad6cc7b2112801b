package dev.referee.gate.revocation;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.referee.client.StatusClient;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.SourceException;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.revocation.RevocationSources;
import dev.referee.verify.revocation.RevocationUnavailableException;
import java.net.URI;
import java.time.Duration;

/// Looks revocation up where certificates say, and keeps what came back for a while: it is signed
/// and says itself until when it holds, so an old copy can prove nothing that a new one cannot
/// refute but for that while. What cannot be had is not remembered.
public final class RememberedRevocation implements RevocationSources {
  /// The specification's own limits (trust-store-trust-policy.md).
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

  /// How long a revocation may stay unseen, beside what the authority itself allows.
  private static final Duration KEPT = Duration.ofMinutes(5);

  /// Two of the largest lists that are read, or thousands of usual ones.
  private static final long KEPT_BYTES = 64L << 20;

  private final StatusClient client;
  private final Cache<Question, byte[]> answers;

  /// @param client how it is looked up
  /// @param ticker by which what was looked up grows old
  public RememberedRevocation(StatusClient client, Ticker ticker) {
    this.client = requireNonNull(client, "client is null");
    this.answers =
        Caffeine.newBuilder()
            .ticker(ticker)
            .expireAfterWrite(KEPT)
            .maximumWeight(KEPT_BYTES)
            .weigher((Question question, byte[] answer) -> answer.length + 256)
            .build();
  }

  /// What was asked, and where.
  ///
  /// @param request the hash of what was sent
  private record Question(URI address, Digest request) {}

  @Override
  public RevocationSource until(Deadline deadline) {
    return new Source(deadline);
  }

  private final class Source implements RevocationSource {
    private final Deadline deadline;

    Source(Deadline deadline) {
      this.deadline = requireNonNull(deadline, "deadline is null");
    }

    @Override
    public byte[] list(URI location, int maxBytes) throws RevocationUnavailableException {
      return remembered(
          new Question(location, Digest.of(new byte[0])),
          () -> client.get(location, maxBytes, earlier(LIST_TIMEOUT)));
    }

    @Override
    public byte[] status(URI responder, byte[] request, int maxBytes)
        throws RevocationUnavailableException {
      return remembered(
          new Question(responder, Digest.of(request)),
          () ->
              client.post(
                  responder,
                  "application/ocsp-request",
                  request,
                  maxBytes,
                  earlier(ANSWER_TIMEOUT)));
    }

    private Deadline earlier(Duration limit) {
      return deadline.earlier(Deadline.in(limit));
    }
  }

  private interface Lookup {
    byte[] look() throws SourceException;
  }

  private byte[] remembered(Question question, Lookup lookup)
      throws RevocationUnavailableException {
    var known = answers.getIfPresent(question);
    if (known != null) {
      return known;
    }
    try {
      var found = lookup.look();
      answers.put(question, found);
      return found;
    } catch (SourceException e) {
      throw new RevocationUnavailableException(String.valueOf(e.getMessage()));
    }
  }
}
