package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A refusal is small and cheap, however much of the body is wrong. */
@Timeout(60)
class RefusalSizeTest {
  private static final JsonValue TOO_LARGE = Json.createValue(new BigDecimal("1e400"));

  private static ApiError refused(JsonObjectBuilder body) {
    return assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> InferBody.of(body.build()))
        .actual()
        .error();
  }

  private static JsonArrayBuilder repeated(int count, JsonValue value) {
    JsonArrayBuilder array = JSON.createArrayBuilder();
    for (int i = 0; i < count; i++) {
      array.add(value);
    }
    return array;
  }

  private static JsonObjectBuilder named(int count) {
    JsonObjectBuilder fields = JSON.createObjectBuilder();
    for (int i = 0; i < count; i++) {
      fields.add("x" + i, 1);
    }
    return fields;
  }

  @Test
  void hundredWrongFields_areAllListed() {
    ApiError error =
        refused(JSON.createObjectBuilder().add("messages", repeated(100, JsonValue.TRUE)));
    assertThat(error.details()).hasSize(100);
    assertThat(error.message())
        .isEqualTo(
            "100 fields are wrong; the first is messages[0]: is a boolean; it must be an object");
  }

  @ParameterizedTest
  @ValueSource(ints = {51, 500_000})
  void moreWrongMessages_areCounted(int wrong) {
    ApiError error =
        refused(
            JSON.createObjectBuilder()
                .add(
                    "messages",
                    repeated(wrong, JSON.createObjectBuilder().add("role", 1).build())));
    int faults = 2 * wrong;
    assertThat(error.details()).hasSize(100);
    assertThat(error.details().get(99).field()).isEqualTo("messages[49].content");
    assertThat(error.message())
        .startsWith(faults + " fields are wrong; the first is messages[0].role: ");
    assertThat(error.hint()).contains(" and " + (faults - 100) + " more that it does not list,");
  }

  @Test
  void unknownFields_areCountedBeforeThoseOfTheRequest() {
    ApiError error =
        refused(named(150).add("temperature", 9).add("messages", JSON.createArrayBuilder()));
    assertThat(error.details()).hasSize(100).allMatch(detail -> detail.field().startsWith("x"));
    assertThat(error.message()).startsWith("152 fields are wrong");
    assertThat(error.hint()).contains(" 52 more ");
  }

  @Test
  void wrongNumbersBelowALongName_costNoMoreThanTheyTake() {
    String name = "n".repeat(1 << 20);
    JsonObject extra = JSON.createObjectBuilder().add(name, repeated(500_000, TOO_LARGE)).build();
    ApiError error =
        refused(
            JSON.createObjectBuilder()
                .add("messages", JSON.createArrayBuilder())
                .add("extra", extra));
    assertThat(error.message()).startsWith("500001 fields are wrong");
    assertThat(error.details()).hasSize(100);
    assertThat(error.details().get(99).field()).startsWith("extra.n").endsWith("[99]");
    assertThat(error.details())
        .allSatisfy(detail -> assertThat(detail.field()).hasSizeLessThanOrEqualTo(201));
  }

  @ParameterizedTest
  @ValueSource(strings = {"top", "extra", "logit_bias"})
  void longName_isShortened(String place) {
    String name = "n".repeat(1 << 20);
    JsonObject inner = JSON.createObjectBuilder().add(name, TOO_LARGE).build();
    JsonObjectBuilder body = JSON.createObjectBuilder().add("messages", JSON.createArrayBuilder());
    ApiError error = refused(place.equals("top") ? body.add(name, 1) : body.add(place, inner));
    assertThat(error.message()).hasSizeLessThan(400);
    assertThat(error.details())
        .anyMatch(detail -> detail.field().contains("nnn") && detail.field().contains("…"))
        .allSatisfy(detail -> assertThat(detail.field()).hasSizeLessThanOrEqualTo(201));
  }
}
