/// `referee report`: what runs in a cluster and how it stands, in several formats. Start reading at
/// [dev.referee.cli.report.ReportCommand].
@NullMarked
package dev.referee.cli.report;

import org.jspecify.annotations.NullMarked;
