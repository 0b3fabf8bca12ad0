package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.AllocatedBytes;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormParametersTest {
  private static final long ANY_BYTES = 256 << 10;
  private static final long EACH_BYTE = 16;

  private static Map<String, List<String>> parameters(String query, String form) {
    return FormParameters.of(query, form.getBytes(UTF_8));
  }

  @Test
  void queryAndForm_areDecoded() {
    assertThat(parameters("a=1&b", "a=%C3%A4+%2B&&c=x=y&=z&"))
        .containsExactly(
            Map.entry("a", List.of("1", "ä +")),
            Map.entry("b", List.of("")),
            Map.entry("c", List.of("x=y")),
            Map.entry("", List.of("z")));
    assertThat(parameters(null, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%zz", "a=%", "a=%4", "%4=a", "a=%ff", "a=%C3", "%C3=%A4", "a=%4&1"})
  void parameterThatCannotBeDecoded_isMalformed(String text) {
    for (Map<String, String> where :
        List.of(Map.of("query", text, "form", ""), Map.of("query", "", "form", text))) {
      assertThatThrownBy(() -> parameters(where.get("query"), where.get("form")))
          .isInstanceOfSatisfying(
              ApiException.class,
              refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.MALFORMED_REQUEST));
    }
  }

  /** Long names and values, escapes, empty parameters, and as many parameters as there may be. */
  @ParameterizedTest
  @ValueSource(strings = {"n", "=v", "%41", "%E2%82%AC", "+", "&", "=", "a=%41%42&"})
  void formOfAnyShapeAndSize_allocatesInProportion(String repeated) {
    for (int size : new int[] {0, 1000, 20_000, 64 << 10}) {
      byte[] form = repeated.repeat(size / repeated.length()).getBytes(UTF_8);
      read(form); // The first refusal in a JVM loads classes, which would be counted.
      assertThat(AllocatedBytes.by(() -> read(form)))
          .as("%d bytes of %s", form.length, repeated)
          .isLessThanOrEqualTo(ANY_BYTES + EACH_BYTE * form.length);
    }
  }

  /** Reads a form whether it is accepted or refused. */
  private static void read(byte[] form) {
    try {
      FormParameters.of("", form);
    } catch (ApiException refused) {
      assertThat(refused.error().code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }
  }

  @Test
  void tooManyParameters_areTooLarge() {
    String most = "a=1&".repeat(FormParameters.MAX - 1);
    assertThat(parameters("q=1", most)).containsOnlyKeys("q", "a");
    assertThatThrownBy(() -> parameters("q=1&r=2", most))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
  }
}
