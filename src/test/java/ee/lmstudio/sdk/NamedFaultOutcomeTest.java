package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.Chunks.end;
import static ee.lmstudio.sdk.Chunks.text;
import static ee.lmstudio.sdk.FaultRow.when;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.ContextOverflowException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.simulator.socket.FaultName;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Every fault of the catalogue that is an answer has the outcome that the table of upstream faults
 * gives it. Those at a byte are {@link FaultEverywhereTest}'s.
 */
class NamedFaultOutcomeTest {
  private static final String HELLO = "accepted delta(Hello) ";
  private static final String WHOLE = HELLO + "completed(stop)";

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"CUT", "RESET", "STALL", "SILENCE", "CORRUPT", "DRIP"})
  void answerThatIsAFault_hasTheOutcomeOfItsRow(FaultName name) {
    row(name).check();
  }

  /** A name without an outcome does not compile. */
  private static FaultRow row(FaultName name) {
    return switch (name) {
      case CUT, RESET, STALL, SILENCE, CORRUPT, DRIP ->
          throw new IllegalArgumentException(name + " happens at a byte");
      case STATUS_400, STATUS_422 ->
          fails(name, ValidationException.class, "", "validation_failed");
      case STATUS_413 -> fails(name, ValidationException.class, "", "payload_too_large");
      case STATUS_401, STATUS_403 ->
          fails(name, AuthenticationException.class, "", "upstream_auth_failed");
      case STATUS_404, UNKNOWN_ENDPOINT ->
          fails(name, FeatureUnavailableException.class, "", "feature_unavailable");
      case STATUS_408, STATUS_500, STATUS_502, STATUS_503, STATUS_504 ->
          inviting(name, ServerException.class, "upstream_error");
      case STATUS_429 -> inviting(name, RateLimitedException.class, "rate_limited");
      case UNKNOWN_MODEL -> fails(name, ModelNotFoundException.class, "", "model_not_found");
      case CONTEXT_OVERFLOW -> fails(name, ContextOverflowException.class, "", "context_overflow");
      case NO_MODEL_LOADED -> fails(name, ModelNotLoadedException.class, "", "model_not_loaded");
      case ERROR_BODY -> fails(name, ServerException.class, "", "upstream_error");
      case HTML, EMPTY_BODY, REDIRECT, NO_HTTP -> notLmStudio(name, "");
      case ONLY_DONE -> notLmStudio(name, "accepted ");
      case LONG_LINE, LARGE_EVENT, ENDLESS_COMMENTS -> notLmStudio(name, HELLO);
      case ERROR_EVENT -> fails(name, ServerException.class, "accepted ", "upstream_error");
      case ERROR_EVENT_AFTER_TEXT, ERROR_DATA, ERROR_LINE ->
          fails(name, ServerException.class, HELLO, "upstream_error");
      case NOT_STREAMED, WRONG_TYPE ->
          when(name.text(), answer(name)).completes("downgraded(not_streamed 1) " + WHOLE, 1);
      case NO_JSON ->
          when(name.text(), answer(name), Script.respondWithEvents(text("again") + end()))
              .completes(HELLO + "reset(break) delta(again) completed(stop)", 2);
      case NO_DONE, DATA_AFTER_DONE, NOISE, GZIP ->
          when(name.text(), answer(name)).completes(WHOLE, 1);
      case OTHER_MODEL ->
          when(name.text(), answer(name))
              .completes("accepted model(somebody-else) delta(Hello) completed(stop)", 1);
    };
  }

  private static Script answer(FaultName name) {
    return NamedFault.of(name).in(Script.answerAsUsual());
  }

  private static FaultRow notLmStudio(FaultName name, String told) {
    return fails(name, ProtocolException.class, told, "upstream_protocol_error");
  }

  private static FaultRow fails(
      FaultName name, Class<? extends LmStudioException> error, String told, String code) {
    return when(name.text(), answer(name)).fails(error, told + "failed(" + code + ")", 1);
  }

  /** Asked again as often as {@code max-retries} says, which is 2. */
  private static FaultRow inviting(
      FaultName name, Class<? extends LmStudioException> error, String code) {
    List<Script> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(answer(name));
    }
    return when(name.text(), answers.toArray(Script[]::new))
        .fails(error, "failed(" + code + ")", 3);
  }
}
