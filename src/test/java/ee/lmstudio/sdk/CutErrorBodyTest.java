package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.Chunks.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.simulator.socket.Script;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A body with status 200 that is not a stream and breaks off before its end. */
class CutErrorBodyTest {
  private static final String FIELD = "{\"error\"";

  /** How a server marks the end of a body. */
  private enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE;

    Script cut(String body, int at) {
      return switch (this) {
        case LENGTH -> json(body).cutAt(at);
        case UNTIL_CLOSE -> json(body.substring(0, at)).delimitedByClose();
        case CHUNKED ->
            Script.respondWithRaw(
                ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nfff\r\n"
                        + body.substring(0, at))
                    .getBytes(UTF_8));
      };
    }
  }

  static Stream<Arguments> errors() {
    return Stream.of(
            "{\"error\":\"Something \\\"odd\\\" and \\u00e4\"}",
            "{\"error\": {\"message\": \"Something odd\", \"type\": \"x\", \"code\": null}}")
        .flatMap(body -> Stream.of(Framing.values()).map(framing -> Arguments.of(body, framing)));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errorCutAtAnyByte_isThatErrorAndPostedOnce(String body, Framing framing) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      for (int at : IntStream.range(FIELD.length(), body.length()).toArray()) {
        failsOnce(lmStudio, framing.cut(body, at), ServerException.class);
      }
    }
  }

  /** Posted once, although a 500 is posted again by itself. */
  @Test
  void errorWithAStatusThatWasCut_keepsItsMeaning() {
    String overflow = "{\"error\":{\"message\":\"Context size has been exceeded\",\"type\":\"x\"}}";
    int cut = overflow.indexOf("\",\"type");
    failsOnce(Script.respondWithJson(500, overflow).cutAt(cut), ContextOverflowException.class);
    String notLoaded = "{\"error\":\"No models loaded. Please load one\"}";
    failsOnce(
        Script.respondWithJson(400, notLoaded).cutAt(notLoaded.length() - 2),
        ModelNotLoadedException.class);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("{\"error\":{\"message\":\"Context size has been exceeded", OVERFLOW),
        Arguments.of("{\"error\":{\"message\":\"Context size has been exceeded\",\"type", OVERFLOW),
        Arguments.of("{\"error\":\"No models loaded. Please load", ModelNotLoadedException.class),
        Arguments.of("[{\"error\":{\"code\":503,\"message\":\"Overl", ServerException.class),
        Arguments.of("{\"id\":\"x\",\"error\":{\"message\":\"boom\",\"code", ServerException.class),
        Arguments.of("{\"object\":\"error\",\"message\":\"boom", ServerException.class));
  }

  private static final Class<ContextOverflowException> OVERFLOW = ContextOverflowException.class;

  @ParameterizedTest
  @MethodSource("kinds")
  void cutError_isMappedByTheTextThatArrived(
      String begin, Class<? extends LmStudioException> error) {
    failsOnce(json(begin + "and so on").cutAt(begin.length()), error);
  }

  private static Script json(String body) {
    return Script.respondWithJson(200, body);
  }

  private static void failsOnce(Script answer, Class<? extends LmStudioException> error) {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      failsOnce(lmStudio, answer, error);
    }
  }

  private static void failsOnce(
      ScriptedLmStudio lmStudio, Script answer, Class<? extends LmStudioException> error) {
    Outcome outcome = lmStudio.current().answering(answer).chat();
    assertThat(outcome.error()).as("%s", answer).isInstanceOf(error);
    assertThat(outcome.posted()).as("%s", answer).isEqualTo(1);
  }

  /** Whatever it would have become, it does not say that it is an error. */
  @Test
  void answerCutAtAnyByte_isABreak() {
    String answer = whole("Hello");
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio()) {
      for (int at : IntStream.range(1, answer.length()).toArray()) {
        Outcome outcome =
            lmStudio
                .current()
                .answering(json(answer).cutAt(at), Script.respondWithEvents(text("Hello") + end()))
                .chat();
        assertThat(outcome.error()).as("cut at %d", at).isNull();
        assertThat(outcome.answer().content()).isEqualTo("Hello");
        assertThat(outcome.posted()).isEqualTo(2);
      }
    }
  }

  @Test
  void errorThatBeginsElsewhere_isABreak() {
    try (ScriptedLmStudio lmStudio = new ScriptedLmStudio().current()) {
      Outcome outcome =
          lmStudio
              .answering(
                  json("{\"error\":null,\"id\":\"x\"}").cutAt(15),
                  Script.respondWithEvents(text("Hello") + end()))
              .chat();
      assertThat(outcome.posted()).isEqualTo(2);
    }
  }
}
