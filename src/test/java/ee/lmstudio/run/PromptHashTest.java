package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationOptions;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.Message;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptHashTest {
  private static JsonObject json(String text) {
    return Json.createReader(new StringReader(text)).readObject();
  }

  private static GenerationRequest prompt(String options) {
    return new CompletionRequest(
        Optional.of("m"), "p", Optional.empty(), new GenerationOptions(json(options)));
  }

  private static String hashOf(String canonical) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  /** The example of RFC 8785, section 3.2.2. */
  @Test
  void rfcExample_isCanonical() throws Exception {
    String given =
        """
        {"x": {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }}\
        """;
    String canonical =
        "{\"model\":\"m\",\"prompt\":\"p\",\"x\":{\"literals\":[null,true,false],"
            + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}}";
    assertThat(PromptHash.of(prompt(given).toJson())).isEqualTo(hashOf(canonical));
  }

  /** The order of RFC 8785, section 3.2.3: by UTF-16 code units. */
  @Test
  void names_areSortedByUtf16() throws Exception {
    String given =
        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
            + "\"\\u00f6\":7}";
    String canonical =
        "{\"\\r\":2,\"1\":4,\"model\":\"m\",\"prompt\":\"p\",\"\u0080\":6,\"ö\":7,\"€\":1,"
            + "\"\ud83d\ude00\":5,\"\ufb33\":3}";
    assertThat(PromptHash.of(prompt(given).toJson())).isEqualTo(hashOf(canonical));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"seed\":1,\"ttl\":2} | {\"ttl\":2,\"seed\":1}",
        "{\"x\":{\"b\":1,\"a\":[1.0]}} | {\"x\":{\"a\":[1],\"b\":1e0}}",
        "{\"x\":\"\\u0041\"} | {\"x\":\"A\"}"
      })
  void sameRequestWrittenInAnotherWay_hasTheSameHash(String one, String other) {
    assertThat(PromptHash.of(prompt(one).toJson()))
        .isEqualTo(PromptHash.of(prompt(other).toJson()));
  }

  @Test
  void anotherRequest_hasAnotherHash() {
    String hash = PromptHash.of(prompt("{\"seed\":1}").toJson());
    assertThat(PromptHash.of(prompt("{\"seed\":2}").toJson())).isNotEqualTo(hash);
    assertThat(PromptHash.of(prompt("{\"seed\":1}").withModel("other").toJson()))
        .isNotEqualTo(hash);
    assertThat(hash).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void chat_isHashedWithoutStream() throws Exception {
    GenerationRequest chat =
        new ChatRequest(Optional.empty(), List.of(Message.user("Hi")), GenerationOptions.NONE);
    assertThat(PromptHash.of(chat.toJson()))
        .isEqualTo(hashOf("{\"messages\":[{\"content\":\"Hi\",\"role\":\"user\"}]}"));
  }
}
