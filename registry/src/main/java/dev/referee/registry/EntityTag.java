package dev.referee.registry;

import dev.referee.oci.Digest;
import dev.referee.server.Exchange;

/// Content that is named by its digest can be asked for "unless it is still this" (RFC 9110
/// sections 8.8.3 and 13.1.2).
final class EntityTag {
  private EntityTag() {}

  /// Names the response's content.
  static void set(Exchange exchange, Digest digest) {
    exchange.setHeader("ETag", quoted(digest));
  }

  /// Whether the client has this content already.
  static boolean isKnown(Exchange exchange, Digest digest) {
    for (var header : exchange.headers("If-None-Match")) {
      for (var tag : header.split(",", -1)) {
        if (tag.strip().equals("*") || isOf(tag, digest)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a tag, weak or strong, is this content's.
  static boolean isOf(String tag, Digest digest) {
    var stripped = tag.strip();
    return (stripped.startsWith("W/") ? stripped.substring(2) : stripped).equals(quoted(digest));
  }

  private static String quoted(Digest digest) {
    return "\"" + digest + "\"";
  }
}
