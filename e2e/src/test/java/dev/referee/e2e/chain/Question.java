package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Whether somebody has signed an image, as it is asked of Referee, by a policy, and of cosign, by
/// its flags. Both are told the same.
///
/// @param form what is looked for
/// @param signer who has to have signed
/// @param profile what has to be proven beside the signature
/// @param trustedRoot whom to believe
record Question(Form form, Signer signer, Profile profile, Path trustedRoot) {
  private static final String SIGNED = "{name: signed, signature: {by: [signer]}}";
  private static final String SBOM = "{name: sbom, sbom: {signedBy: {by: [signer]}}}";

  Question {
    requireNonNull(form, "form is null");
    requireNonNull(signer, "signer is null");
    requireNonNull(profile, "profile is null");
    requireNonNull(trustedRoot, "trustedRoot is null");
  }

  /// What is looked for: cosign has to be told where, too.
  enum Form {
    BUNDLE(SIGNED, "verify"),
    TAG(SIGNED, "verify --new-bundle-format=false"),
    ATTESTATION(SBOM, "verify-attestation --type spdxjson"),
    ATTESTATION_TAG(SBOM, "verify-attestation --type spdxjson --new-bundle-format=false");

    private final String requirement;
    private final String command;

    Form(String requirement, String command) {
      this.requirement = requirement;
      this.command = command;
    }
  }

  /// Who has to have signed.
  ///
  /// @param spec of a signer of Referee's, in YAML's flow style
  /// @param flags of cosign
  record Signer(String spec, List<String> flags) {
    /// Whoever an issuer of tokens knows by a subject.
    static Signer of(String issuer, String subject) {
      return new Signer(
          TrustDocuments.keyless(
              "root", "issuer: \"%s\", subject: \"%s\"".formatted(issuer, subject)),
          List.of("--certificate-identity", subject, "--certificate-oidc-issuer", issuer));
    }

    /// The holder of a key, whose signatures have to be in the logs of the trust root.
    static Signer logged(String pem, String file) {
      return new Signer(
          "{key: {publicKey: %s, trustRoot: root}}".formatted(TrustDocuments.quoted(pem)),
          List.of("--key", file));
    }

    /// The holder of a key, whatever else there is.
    static Signer plain(String pem, String file) {
      return new Signer(
          "{key: {publicKey: %s}}".formatted(TrustDocuments.quoted(pem)),
          List.of("--key", file, "--insecure-ignore-tlog"));
    }
  }

  /// What has to be proven beside the signature.
  ///
  /// @param prove in a trust root of Referee's, in YAML's flow style
  /// @param flags of cosign
  record Profile(String prove, List<String> flags) {
    /// A log entry and a certificate that is in a log.
    static final Profile STRICT = new Profile("{}", List.of());

    static final Profile TIMESTAMPED =
        new Profile("{timestamps: 1}", List.of("--use-signed-timestamps"));

    static final Profile TIMESTAMP_ALONE =
        new Profile(
            "{transparencyLog: 0, timestamps: 1}",
            List.of("--insecure-ignore-tlog", "--use-signed-timestamps"));

    static final Profile CERTIFICATE_UNLOGGED =
        new Profile("{signedCertificateTimestamps: 0}", List.of("--insecure-ignore-sct"));
  }

  /// The policy, its signer and the trust root.
  String documents() {
    return TrustDocuments.trustRoot("root", "", trustedRoot, profile.prove())
        + "---\n"
        + TrustDocuments.signer("signer", "", signer.spec())
        + "---\n"
        + TrustDocuments.policy("policy", "", "**", form.requirement);
  }

  /// The command line of cosign.
  ///
  /// @param image by digest
  String[] cosign(String image) {
    var arguments = new ArrayList<>(List.of(form.command.split(" ", -1)));
    arguments.addAll(List.of("--trusted-root", trustedRoot.toString()));
    arguments.addAll(signer.flags());
    arguments.addAll(profile.flags());
    arguments.add(image);
    return arguments.stream().distinct().toArray(String[]::new);
  }

  Question by(Signer other) {
    return new Question(form, other, profile, trustedRoot);
  }

  Question proving(Profile other) {
    return new Question(form, signer, other, trustedRoot);
  }

  Question trusting(Path otherRoot) {
    return new Question(form, signer, profile, otherRoot);
  }

  Question lookingFor(Form other) {
    return new Question(other, signer, profile, trustedRoot);
  }

  /// With more flags of cosign's.
  static List<String> and(List<String> flags, String... more) {
    return Stream.concat(flags.stream(), Stream.of(more)).toList();
  }
}
