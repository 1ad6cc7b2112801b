package dev.referee.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {
  private static FormBody parse(String text) throws RegistryException {
    return FormBody.parse(text.getBytes(ISO_8859_1));
  }

  @Test
  void readsWhatFormsHave() throws Exception {
    var form = parse("a=1&b=x+y%20%2B%26&&c&a=2&%64=%C3%A4");

    assertThat(form.all("a")).containsExactly("1", "2");
    assertThat(form.one("b")).isEqualTo("x y +&");
    assertThat(form.one("c")).isEmpty();
    assertThat(form.one("d")).isEqualTo("\u00e4");
    assertThat(form.one("e")).isNull();
    assertThat(form.all("e")).isEmpty();
    assertThat(parse("").fields()).isEmpty();
  }

  @Test
  void refusesSeveralWhereOneIsMeant() throws Exception {
    var form = parse("a=1&a=1");

    assertThatThrownBy(() -> form.one("a"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%=a", "a=%-1", "a=%ff", "a=%C3", "a=\u00e4"})
  void refusesWhatIsNoText(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
  }

  /// What is in it may be a password.
  @Test
  void isNeverPrintedWithItsValues() throws Exception {
    assertThat(parse("password=secret").toString()).isEqualTo("FormBody[password]");
  }
}
