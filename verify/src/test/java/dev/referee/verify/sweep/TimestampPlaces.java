package dev.referee.verify.sweep;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/// The places of a bundle, with those in its timestamps told apart: what is signed, and what is
/// not. A character of base64 that stands for bits of both is of what is not. A timestamp that
/// proves nothing is one place.
public final class TimestampPlaces implements Places {
  private static final String TIMESTAMP =
      "value of"
          + " /verificationMaterial/timestampVerificationData/rfc3161Timestamps[]/signedTimestamp";

  private final String[] places;

  private TimestampPlaces(String[] places) {
    this.places = places;
  }

  /// Reads a bundle, which verifies.
  ///
  /// @param heard whether its timestamps prove anything
  public static TimestampPlaces of(byte[] bundle, boolean heard) {
    var outer = JsonPlaces.of(bundle);
    var places = new String[bundle.length];
    for (int at = 0; at < bundle.length; at++) {
      places[at] = outer.of(at);
    }
    for (int at = 0; at < bundle.length; at++) {
      if (outer.of(at).equals(TIMESTAMP)) {
        int end = new String(bundle, ISO_8859_1).indexOf('"', at + 1);
        name(places, bundle, at + 1, end, heard);
        at = end;
      }
    }
    return new TimestampPlaces(places);
  }

  private static void name(String[] places, byte[] bundle, int from, int to, boolean heard) {
    var characters = new ArrayList<Integer>();
    var text = new StringBuilder();
    for (int at = from; at < to; at++) {
      if (bundle[at] == '\\') {
        // A broken line.
        at++;
      } else {
        text.append((char) bundle[at]);
        characters.add(at);
      }
    }
    var response = Base64.getDecoder().decode(text.toString());
    var token = token(response);
    if (!heard) {
      Arrays.fill(places, from, to, "signedTimestamp: of nobody who is trusted");
      return;
    }
    var cover = TokenCover.of(response, encoded(token));
    for (int i = 0; i < characters.size(); i++) {
      int first = Math.min(i * 6 / 8, response.length - 1);
      int last = Math.min((i * 6 + 5) / 8, response.length - 1);
      var place = cover.of(first).equals(cover.of(last)) ? cover.of(first) : "what nobody signs";
      places[characters.get(i)] = "signedTimestamp: " + place;
    }
  }

  private static TimeStampToken token(byte[] response) {
    try {
      return new TimeStampResponse(response).getTimeStampToken();
    } catch (TSPException | IOException e) {
      throw new AssertionError("a timestamp that verifies is one", e);
    }
  }

  private static byte[] encoded(TimeStampToken token) {
    try {
      return token.getEncoded();
    } catch (IOException e) {
      throw new AssertionError("a token that was read has an encoding", e);
    }
  }

  @Override
  public String of(int at) {
    return places[at];
  }
}
