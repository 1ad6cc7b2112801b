package dev.referee.e2e.clients;

import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The clients that can show a certificate, and how each of them is told to. crane is not among
/// them: it has no option for one.
enum CertifiedClient {
  ORAS {
    @Override
    Program program(Clients clients) {
      return clients.oras();
    }

    @Override
    Output push(Program client, ClientIdentity identity, Path layout, String reference) {
      return copy(
          client, identity, "to", "--from-oci-layout", layout + ":" + LayoutImage.TAG, reference);
    }

    @Override
    Output pull(Program client, ClientIdentity identity, String reference, Path layout) {
      return copy(
          client, identity, "from", "--to-oci-layout", reference, layout + ":" + LayoutImage.TAG);
    }

    private Output copy(
        Program client, ClientIdentity identity, String side, String... layoutFromTo) {
      var arguments = new ArrayList<>(List.of("copy", "--no-tty"));
      arguments.addAll(List.of("--" + side + "-ca-file", identity.authority().toString()));
      if (identity.isSomebody()) {
        arguments.addAll(List.of("--" + side + "-cert-file", identity.certificate().toString()));
        arguments.addAll(List.of("--" + side + "-key-file", identity.key().toString()));
      }
      arguments.addAll(List.of(layoutFromTo));
      return run(client, arguments);
    }
  },

  REGCTL {
    @Override
    Program program(Clients clients) {
      return clients.regctl();
    }

    @Override
    Output push(Program client, ClientIdentity identity, Path layout, String reference) {
      return known(client, identity, reference).run("image", "copy", ocidir(layout), reference);
    }

    @Override
    Output pull(Program client, ClientIdentity identity, String reference, Path layout) {
      return known(client, identity, reference).run("image", "copy", reference, ocidir(layout));
    }

    // It keeps what it is told of a registry in its configuration, the texts themselves.
    private Program known(Program client, ClientIdentity identity, String reference) {
      var configured =
          client.with("REGCTL_CONFIG", identity.folder().resolve("regctl.json").toString());
      var arguments = new ArrayList<>(List.of("registry", "set", host(reference)));
      arguments.addAll(List.of("--skip-check", "--cacert", text(identity.authority())));
      if (identity.isSomebody()) {
        arguments.addAll(List.of("--client-cert", text(identity.certificate())));
        arguments.addAll(List.of("--client-key", text(identity.key())));
      }
      run(configured, arguments).orFail();
      return configured;
    }

    private String ocidir(Path layout) {
      return "ocidir://" + layout + ":" + LayoutImage.TAG;
    }
  },

  /// And with it podman, buildah and CRI-O.
  SKOPEO {
    @Override
    Program program(Clients clients) {
      return clients.skopeo();
    }

    @Override
    Output push(Program client, ClientIdentity identity, Path layout, String reference) {
      return copy(client, identity, "dest", local(layout), "docker://" + reference);
    }

    @Override
    Output pull(Program client, ClientIdentity identity, String reference, Path layout) {
      return copy(client, identity, "src", "docker://" + reference, local(layout));
    }

    private String local(Path layout) {
      return "oci:" + layout + ":" + LayoutImage.TAG;
    }

    private Output copy(
        Program client, ClientIdentity identity, String side, String from, String to) {
      var folder = identity.folder().toString();
      return client.run(
          "--insecure-policy",
          "copy",
          "--preserve-digests",
          "--%s-cert-dir".formatted(side),
          folder,
          from,
          to);
    }
  },

  CURL {
    @Override
    Program program(Clients clients) {
      return clients.curl();
    }

    @Override
    Output push(Program client, ClientIdentity identity, Path layout, String reference) {
      return new CurlImage(client, identity, reference).push(layout);
    }

    @Override
    Output pull(Program client, ClientIdentity identity, String reference, Path layout) {
      return new CurlImage(client, identity, reference).pull(layout);
    }
  };

  abstract Program program(Clients clients);

  /// Pushes the image of a layout.
  abstract Output push(Program client, ClientIdentity identity, Path layout, String reference);

  /// Pulls an image into a new layout.
  abstract Output pull(Program client, ClientIdentity identity, String reference, Path layout);

  private static Output run(Program client, List<String> arguments) {
    return client.run(arguments.toArray(String[]::new));
  }

  private static String host(String reference) {
    return reference.substring(0, reference.indexOf('/'));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
