package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.AllocatedBytes;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.Envelope;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.http.request.JsonBounds;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body costs memory in proportion to its size, whatever its shape, and a refusal stays small. */
class BodyShapeTest {
  private static final int LIMIT = 8 << 20;

  /** Bytes that a body of any size may allocate, for messages and buffers. */
  private static final long ANY = 512 << 10;

  /** Bytes that each byte of a body may allocate. */
  private static final long EACH_BYTE = 12;

  /** Bytes that each value may allocate in addition. A value has at least two bytes. */
  private static final long EACH_VALUE = 400;

  private static final int LONGEST_REFUSAL = 64 << 10;

  /** Reads a body as the server does. Returns the error, or nothing if the body is accepted. */
  private static Optional<ApiError> read(byte[] body) {
    try {
      InferBody.of(JsonBodyReader.read(new ByteArrayInputStream(body), body.length, LIMIT));
      return Optional.empty();
    } catch (ApiException refused) {
      return Optional.of(refused.error());
    }
  }

  private static Optional<ApiError> read(String body) {
    return read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static long allowed(int size) {
    return ANY + EACH_BYTE * size + EACH_VALUE * Math.min(size / 2, JsonBounds.MAX_VALUES);
  }

  @Property(tries = 100, seed = "1309")
  void bodyOfAnyShapeAndSize_allocatesInProportion(
      @ForAll BodyShape shape, @ForAll @IntRange(max = LIMIT - 4000) int size) {
    // The first body of a shape also loads classes.
    read(shape.ofSize(0));
    byte[] body = shape.ofSize(size);
    assertThat(AllocatedBytes.by(() -> read(body)))
        .as("%s of %d bytes", shape, body.length)
        .isLessThanOrEqualTo(allowed(body.length));
  }

  @ParameterizedTest
  @EnumSource
  void largestBodyOfAnyShape_isAcceptedOrGetsSmallRefusal(BodyShape shape) {
    for (int size : new int[] {0, 400_000, LIMIT - 4000}) {
      byte[] body = shape.ofSize(size);
      assertThat(read(body).stream())
          .allSatisfy(
              error -> {
                assertThat(error.details()).hasSizeLessThanOrEqualTo(100);
                assertThat(Envelope.error(error, "id").toString()).hasSizeLessThan(LONGEST_REFUSAL);
              });
    }
  }

  @Test
  void moreValuesThanAllowed_areRefusedAtOnce() {
    String most = "[" + "0,".repeat(JsonBounds.MAX_VALUES - 2) + "0]";
    assertThat(JsonBodyReader.read(stream(most), -1, LIMIT).asJsonArray())
        .hasSize(JsonBounds.MAX_VALUES - 1);
    ApiError error = read("[0," + most.substring(1)).orElseThrow();
    assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
    assertThat(error.message())
        .isEqualTo(
            "The body has more than 200000 values and names of fields; the rest was not checked");
    assertThat(error.details()).extracting(ApiError.Detail::field).containsExactly("");
  }

  /** Brackets, commas and words within a text are not values. */
  @Test
  void signsWithinTexts_areNotCounted() {
    String signs = "[,{:1 true ".repeat(JsonBounds.MAX_VALUES);
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + signs + "\"}]}";
    assertThat(read(body)).isEmpty();
  }

  @Test
  void everyKindOfValue_isCounted() {
    String fifth = "{\"k\":[true,-1.5e3 ,\"\\\"\",null]},";
    String body = "[" + fifth.repeat(JsonBounds.MAX_VALUES / 7) + "0]";
    assertThat(JsonBodyReader.read(stream(body), -1, LIMIT)).isNotNull();
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> JsonBodyReader.read(stream("[" + fifth + body.substring(1)), -1, LIMIT))
        .satisfies(e -> assertThat(e.error().code()).isEqualTo(ErrorCode.VALIDATION_FAILED));
  }

  @Test
  void longModelName_isRefused() {
    String start = "{\"prompt\":\"Hi\",\"model\":\"";
    assertThat(read(start + "m".repeat(512) + "\"}")).isEmpty();
    assertThat(read(start + "m".repeat(513) + "\"}").orElseThrow().message())
        .isEqualTo("model: has 513 characters; at most 512 are allowed");
  }

  private static ByteArrayInputStream stream(String body) {
    return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
  }
}
