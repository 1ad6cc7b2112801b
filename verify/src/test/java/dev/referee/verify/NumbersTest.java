package dev.referee.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of negative cases in this module's README against the tests of every module: no number
/// is forgotten, and no test is named that is not there.
class NumbersTest {
  private static final int LAST = 86;
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (N\\d\\d) \\| (-|`.*`) \\| (.*?) ?\\|$");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern NUMBERED =
      Pattern.compile("(?m)^  (?:public )?void (n(\\d\\d)\\w+)\\(");

  private record Row(String tests, String note) {}

  @Test
  void namesEveryCaseOnceAndSaysWhyOneHasNoTest() {
    var rows = rows();

    assertThat(rows.keySet())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, LAST).mapToObj("N%02d"::formatted).toList());
    rows.forEach(
        (number, row) -> {
          if (row.tests().equals("-")) {
            assertThat(row.note()).as(number).matches("(does not apply|pending): .{10,}");
          }
        });
  }

  @Test
  void namesOnlyTestsThatAreThere() {
    var sources = sources();
    rows()
        .forEach(
            (number, row) -> {
              var tests = TEST.matcher(row.tests());
              while (tests.find()) {
                assertThat(sources).as(number).containsKey(tests.group(1));
                assertThat(sources.get(tests.group(1)))
                    .as("%s: %s", number, tests.group())
                    .containsPattern(
                        "(?s)@\\w+Test.*\\bvoid %s\\(|@Test\\s[^;}]*\\bvoid %s\\("
                            .formatted(tests.group(2), tests.group(2)));
              }
            });
  }

  /// Where a test bears a number, its row does not say that the case has no test. More tests of a
  /// case than its row names are welcome.
  @Test
  void saysOfNoCaseThatItDoesNotApplyWhereATestBearsItsNumber() {
    var rows = rows();
    sources()
        .forEach(
            (name, source) -> {
              var tests = NUMBERED.matcher(source);
              while (tests.find()) {
                var row = rows.get("N" + tests.group(2));
                assertThat(row).as("%s#%s", name, tests.group(1)).isNotNull();
                assertThat(row == null ? "" : row.note())
                    .as("%s#%s", name, tests.group(1))
                    .doesNotStartWith("does not apply");
              }
            });
  }

  private static Map<String, Row> rows() {
    var rows = new LinkedHashMap<String, Row>();
    var matches = ROW.matcher(read(Path.of("README.md")));
    while (matches.find()) {
      assertThat(rows.put(matches.group(1), new Row(matches.group(2), matches.group(3))))
          .as(matches.group(1))
          .isNull();
    }
    return rows;
  }

  /// The test sources of every module, by class.
  private static Map<String, String> sources() {
    try (var modules = Files.list(ROOT)) {
      return modules
          .flatMap(
              module ->
                  List.of("src/test/java", "src/main/java/dev/referee/testing").stream()
                      .map(module::resolve))
          .filter(Files::isDirectory)
          .flatMap(NumbersTest::files)
          .collect(Collectors.toMap(NumbersTest::className, NumbersTest::read, String::concat));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String className(Path file) {
    return String.valueOf(file.getFileName()).replace(".java", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
