package dev.referee.operator.audit;

import java.util.List;

/// How an image of a workload stands, in one word. From what somebody has to act on to what nobody
/// has to.
public enum Verdict {
  FAIL("fails"),
  ERROR("undecided"),
  WARN("warned about"),
  SKIP("excepted"),
  /// The report has no room for what was found about it.
  NOT_LISTED("not listed"),
  /// No policy is about it, or it was not verified yet.
  NONE("no finding"),
  PASS("fulfilled");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /// The worst of some results.
  ///
  /// @param cut whether there may be more
  static Verdict of(List<ReportResult> results, boolean cut) {
    return results.stream()
        .map(ReportResult::result)
        .min(Result::compareTo)
        .map(
            worst ->
                switch (worst) {
                  case FAIL -> FAIL;
                  case ERROR -> ERROR;
                  case WARN -> WARN;
                  case SKIP -> SKIP;
                  case PASS -> PASS;
                })
        .orElse(cut ? NOT_LISTED : NONE);
  }

  /// For people.
  public String words() {
    return words;
  }
}
