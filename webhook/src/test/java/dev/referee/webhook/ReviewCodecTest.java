package dev.referee.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.json.StrictJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewCodecTest {
  private static final String REVIEW =
      """
      {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
       "uid":"705ab4f5","kind":{"group":"apps","version":"v1","kind":"Deployment"},
       "resource":{"group":"apps","version":"v1","resource":"deployments"},"subResource":"scale",
       "name":"cart","namespace":"shop","operation":"UPDATE","userInfo":{"username":"me"},
       "object":{"spec":{}},"oldObject":{"spec":{"replicas":1}},"dryRun":false,"options":null}}
      """;

  @Test
  void readsWhatMattersAndLeavesTheRestAlone() throws MalformedReviewException {
    var request = ReviewCodec.read(REVIEW.getBytes(UTF_8));

    assertThat(request.uid()).isEqualTo("705ab4f5");
    assertThat(request.group()).isEqualTo("apps");
    assertThat(request.describe()).isEqualTo("Deployment shop/cart");
    assertThat(request.subResource()).isEqualTo("scale");
    assertThat(request.operation()).isEqualTo(AdmissionRequest.Operation.UPDATE);
    assertThat(request.object()).hasToString("{\"spec\":{}}");
    assertThat(request.oldObject()).hasToString("{\"spec\":{\"replicas\":1}}");
  }

  @Test
  void readsARequestWithTheLeastThatThereCanBe() throws MalformedReviewException {
    var request =
        read(
            """
            {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u",
             "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE","object":{},
             "oldObject":null}}
            """);

    assertThat(request.describe()).isEqualTo("Pod (unnamed)");
    assertThat(request.namespace()).isEmpty();
    assertThat(request.oldObject()).isNull();
  }

  /// The API server takes a denial for an answer only under the uid of its question.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                                             | ''",
        "not json                                                                     | ''",
        "[]                                                                           | ''",
        "{}                                                                           | ''",
        "{\"request\":{\"uid\":\"a\"}                                                 | a",
        "{\"request\":{\"uid\":\"a\"}}                                                | a",
        "{\"x\":[{\"uid\":\"b\"}],\"request\":{\"y\":{\"uid\":\"c\"},\"uid\":\"a\"}}  | a",
        "{\"request\":{\"uid\":\"a\",\"uid\":\"b\"}}                                  | a",
        "{\"request\":{\"uid\":1}}                                                    | 1",
        "{\"request\":\"uid\"}                                                        | ''",
        "{\"request\":null}                                                           | ''",
      })
  void findsTheUidOfAMalformedReview(String body, String uid) {
    assertThatThrownBy(() -> read(body == null ? "" : body))
        .isInstanceOfSatisfying(
            MalformedReviewException.class, e -> assertThat(e.uid()).isEqualTo(uid));
  }

  @Test
  void refusesOtherKindsVersionsAndOperations() {
    for (var wrong :
        List.of(
            REVIEW.replace("k8s.io/v1", "k8s.io/v1beta1"),
            REVIEW.replace("AdmissionReview", "TokenReview"),
            REVIEW.replace("UPDATE", "PATCH"),
            REVIEW.replace("\"operation\"", "\"operations\""),
            REVIEW.replace("\"object\":{\"spec\":{}}", "\"object\":\"x\""))) {
      assertThatThrownBy(() -> read(wrong))
          .isInstanceOfSatisfying(
              MalformedReviewException.class, e -> assertThat(e.uid()).isEqualTo("705ab4f5"));
    }
  }

  @Test
  void writesAnswers() {
    var allowed =
        StrictJson.readObject(
            ReviewCodec.write(AdmissionResponse.allow("u", List.of("careful"))), 1000);
    var denied =
        StrictJson.readObject(
            ReviewCodec.write(AdmissionResponse.deny("u", "no \"signature\"\n", List.of())), 1000);

    assertThat(allowed.text("apiVersion")).isEqualTo("admission.k8s.io/v1");
    assertThat(allowed.text("kind")).isEqualTo("AdmissionReview");
    assertThat(allowed.object("response").node())
        .hasToString("{\"uid\":\"u\",\"allowed\":true,\"warnings\":[\"careful\"]}");
    assertThat(denied.object("response").node().path("allowed").asBoolean(true)).isFalse();
    assertThat(denied.object("response").object("status").wholeNumber("code")).isEqualTo(403);
    assertThat(denied.object("response").object("status").text("message"))
        .isEqualTo("no \"signature\"\n");
  }

  private static AdmissionRequest read(String body) throws MalformedReviewException {
    return ReviewCodec.read(body.getBytes(UTF_8));
  }
}
