package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an error that LM Studio, or something in its place, states means. */
public final class ErrorAnswers {
  private static final Pattern ANSWER =
      Pattern.compile("\"(?:choices|content|reasoning_content|delta)\"\\s*:");

  private final Redaction redaction;

  public ErrorAnswers(LmStudioSettings settings) {
    this.redaction =
        new Redaction(settings.apiKey().map(Secret::reveal), settings.extraHeaders().values());
  }

  Redaction redaction() {
    return redaction;
  }

  /** The error that an answer is. */
  public LmStudioException of(HttpAnswer answer) {
    int status = answer.status();
    Optional<StatedError> stated =
        JsonText.readObject(answer.text()).flatMap(body -> stated(body, status));
    if (stated.isPresent()) {
      return KnownErrors.recognise(stated.get(), status)
          .orElseGet(() -> byStatus(answer, stated.get()));
    }
    return status >= 400
        ? byStatus(answer, new StatedError(begin(answer), "", ""))
        : notLmStudio(answer);
  }

  /** What is an error by its status may state it without a field {@code error} around it. */
  private Optional<StatedError> stated(JsonObject body, int status) {
    return StatedError.in(body, redaction)
        .or(() -> status >= 400 ? StatedError.of(body, redaction) : Optional.empty());
  }

  /** The error that a frame of a stream is. */
  public LmStudioException ofFrame(JsonValue frame) {
    StatedError error = stated(frame);
    return KnownErrors.recognise(error, 200)
        .orElseGet(
            () ->
                new ServerException(
                    200,
                    "LM Studio failed while it streamed: " + error.message(),
                    "Look into LM Studio's server log, then ask again."));
  }

  private StatedError stated(JsonValue frame) {
    return switch (frame) {
      case JsonObject object ->
          StatedError.in(object, redaction)
              .or(() -> StatedError.of(object, redaction))
              .orElseGet(() -> new StatedError(redaction.line(object.toString()), "", ""));
      case JsonString text -> new StatedError(redaction.line(text.getString()), "", "");
      default -> new StatedError(redaction.line(frame.toString()), "", "");
    };
  }

  private LmStudioException byStatus(HttpAnswer answer, StatedError error) {
    int status = answer.status();
    String said = error.message().isEmpty() ? "" : ": " + error.message();
    return switch (status) {
      case 400, 413, 422 ->
          new ValidationException(
              "LM Studio refused the request (" + status + ")" + said,
              "Correct what LM Studio names and send it again.",
              error.param().isEmpty()
                  ? List.of()
                  : List.of(new ValidationException.Fault(error.param(), error.message())));
      case 401, 403 -> StatedError.authentication("LM Studio refused the API token" + said);
      case 404 ->
          error.param().equals("model")
              ? KnownErrors.noSuchModel(error)
              : new FeatureUnavailableException(
                  "LM Studio does not know this endpoint (404)" + said,
                  "Update LM Studio, or check that the base URL leads to it.",
                  null);
      case 429 ->
          new RateLimitedException(
              "LM Studio has too much to do (429)" + said,
              "Wait and ask again.",
              RetryBudget.retryAfter(answer).orElse(null));
      default ->
          status == 408 || status >= 500 || status == 200
              ? new ServerException(
                  status,
                  "LM Studio failed (" + status + ")" + said,
                  RetryBudget.retryAfter(answer)
                      .map(wait -> "It asks to wait " + wait.toSeconds() + " s; then ask again.")
                      .orElse("Look into LM Studio's server log, then ask again."))
              : notLmStudio(answer);
    };
  }

  /** The answer is nothing that LM Studio sends. */
  public ProtocolException notLmStudio(HttpAnswer answer) {
    String type = Optional.ofNullable(answer.header("Content-Type")).orElse("no content type");
    String begin = begin(answer);
    return new ProtocolException(
        "The answer is not LM Studio's: status %d, %s, %s"
            .formatted(
                answer.status(),
                redaction.clean(type),
                begin.isEmpty() ? "empty body" : "it says: " + begin),
        "Is there a proxy, or another program on this port? Check lm-studio.base-url.",
        null);
  }

  /** What it begins with; not if that may be somebody's text, which is no matter of a message. */
  private String begin(HttpAnswer answer) {
    if (answer.compressed()) {
      return "it is compressed (%s), which was not asked for"
          .formatted(redaction.clean(answer.header("Content-Encoding")));
    }
    return ANSWER.matcher(answer.text()).find()
        ? "what looks like a model's answer"
        : redaction.clean(answer.text());
  }
}
