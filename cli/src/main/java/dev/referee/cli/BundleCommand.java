package dev.referee.cli;

import picocli.CommandLine.Command;

/// `referee bundle`: what concerns one Sigstore bundle, without a registry.
@Command(
    name = "bundle",
    description = "Works on Sigstore bundles in files, without a registry.",
    subcommands = BundleVerifyCommand.class,
    synopsisSubcommandLabel = "COMMAND")
final class BundleCommand {}
