package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonExtent;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps the error answers of LM Studio, or of another server at its address, to exceptions. */
public final class ErrorAnswers {
  private static final Pattern ANSWER =
      Pattern.compile("\"(?:choices|content|reasoning_content|delta)\"\\s*:");

  private static final Pattern HTML =
      Pattern.compile("\\s*(?:<!doctype html|<html|<head|<body)", Pattern.CASE_INSENSITIVE);
  private static final Pattern TITLE =
      Pattern.compile("<title[^>]{0,100}>([^<]{1,400})", Pattern.CASE_INSENSITIVE);

  private static final String NO_TYPE = "no content type";

  private final LmStudioSettings settings;
  private final Redaction redaction;

  public ErrorAnswers(LmStudioSettings settings) {
    this.settings = settings;
    this.redaction = new Redaction(settings.apiKey().map(Secret::reveal), settings.extraHeaders());
  }

  /** Returns the mapping for other settings: this one, if both have the same secrets. */
  ErrorAnswers with(LmStudioSettings others) {
    return settings.apiKey().equals(others.apiKey())
            && settings.extraHeaders().equals(others.extraHeaders())
        ? this
        : new ErrorAnswers(others);
  }

  Redaction redaction() {
    return redaction;
  }

  /** Returns the exception for an error answer. */
  public LmStudioException of(HttpAnswer answer) {
    int status = answer.status();
    Optional<StatedError> stated =
        JsonText.read(answer.text())
            // The connection may have failed in the middle of the error.
            .or(() -> status >= 400 ? JsonExtent.begun(answer.text().strip()) : Optional.empty())
            .flatMap(body -> stated(body, status));
    if (stated.isPresent()) {
      return known(stated.get(), status).orElseGet(() -> byStatus(answer, stated.get()));
    }
    return status >= 400
        ? byStatus(answer, new StatedError(begin(answer), "", ""))
        : notLmStudio(answer);
  }

  /**
   * Returns the exception for an error that names its own status, such as one in a stream.
   *
   * @param status the status that the error names, 400 or more
   */
  public LmStudioException of(int status, JsonValue body) {
    StatedError stated =
        StatedError.anywhere(body, redaction)
            .orElseGet(() -> new StatedError(quoted(body.toString()), "", ""));
    return known(stated, status)
        .orElseGet(
            () ->
                byStatus(
                    status,
                    Optional.empty(),
                    stated,
                    () -> notLmStudio(status, NO_TYPE, quoted(body.toString()))));
  }

  private static Optional<LmStudioException> known(StatedError error, int status) {
    return KnownErrors.recognise(error, status)
        .or(() -> status == 500 ? KnownErrors.unsupported(error) : Optional.empty());
  }

  /** A status of 400 or more is an error in any shape; below it only a field {@code error} is. */
  private Optional<StatedError> stated(JsonValue body, int status) {
    if (status >= 400) {
      return StatedError.anywhere(body, redaction);
    }
    return body instanceof JsonObject object ? StatedError.in(object, redaction) : Optional.empty();
  }

  /** Returns the exception for an error in a stream. */
  public LmStudioException ofFrame(JsonValue frame) {
    StatedError error = stated(frame);
    return KnownErrors.recognise(error, 200)
        .or(() -> KnownErrors.unsupported(error))
        .orElseGet(
            () ->
                new ServerException(
                    200,
                    "LM Studio failed while it streamed: " + error.message(),
                    "Read LM Studio's server log, then send the request again."));
  }

  private StatedError stated(JsonValue frame) {
    return switch (frame) {
      case JsonObject object ->
          StatedError.anywhere(object, redaction)
              .orElseGet(() -> new StatedError(redaction.line(object.toString()), "", ""));
      case JsonString text -> new StatedError(redaction.line(text.getString()), "", "");
      default -> new StatedError(redaction.line(frame.toString()), "", "");
    };
  }

  private LmStudioException byStatus(HttpAnswer answer, StatedError error) {
    return byStatus(
        answer.status(), RetryBudget.retryAfter(answer), error, () -> notLmStudio(answer));
  }

  private static LmStudioException byStatus(
      int status,
      Optional<Duration> retryAfter,
      StatedError error,
      Supplier<ProtocolException> otherwise) {
    String said = error.message().isEmpty() ? "" : ": " + error.message();
    return switch (status) {
      case 413 ->
          ValidationException.payloadTooLarge(
              "The request is too large for LM Studio, or for a proxy in front of it (413)" + said,
              "Send less at a time: a shorter chat, smaller images, fewer texts.");
      case 400, 422 ->
          new ValidationException(
              "LM Studio refused the request (" + status + ")" + said,
              "Correct the request and send it again.",
              KnownErrors.faults(error));
      case 401, 403 -> KnownErrors.authentication("LM Studio refused the API token" + said);
      case 404 ->
          error.param().equals("model")
              ? KnownErrors.noSuchModel(error)
              : KnownErrors.noSuchEndpoint(error);
      case 429 ->
          new RateLimitedException(
              "LM Studio is busy (429)" + said,
              "Wait, then send the request again.",
              retryAfter.orElse(null));
      default ->
          status == 408 || status >= 500 || status == 200
              ? new ServerException(
                  status,
                  "LM Studio failed (" + status + ")" + said,
                  retryAfter
                      .map(
                          wait ->
                              "Wait "
                                  + wait.plusMillis(999).toSeconds()
                                  + " s, then send the request again.")
                      .orElse("Read LM Studio's server log, then send the request again."))
              : otherwise.get();
    };
  }

  /** Returns the exception for an answer that LM Studio would not send. */
  public ProtocolException notLmStudio(HttpAnswer answer) {
    String type = Optional.ofNullable(answer.header("Content-Type")).orElse(NO_TYPE);
    return notLmStudio(answer.status(), redaction.clean(type), begin(answer));
  }

  private static ProtocolException notLmStudio(int status, String type, String begin) {
    return Failures.notLmStudio(
        "The answer is not from LM Studio: status %d, %s, %s"
            .formatted(status, type, begin.isEmpty() ? "empty body" : "it says: " + begin),
        null);
  }

  /** Quotes the beginning of a body, except markup and text that may be a model's answer. */
  private String begin(HttpAnswer answer) {
    if (answer.compressed()) {
      return "the body is compressed (%s), which was not asked for"
          .formatted(redaction.clean(answer.header("Content-Encoding")));
    }
    String text = answer.text();
    if (answer.saysHtml() || HTML.matcher(text).lookingAt()) {
      Matcher title = TITLE.matcher(text);
      return title.find() ? redaction.clean(withoutMarkup(title.group(1))) : "an HTML page";
    }
    return quoted(text);
  }

  private String quoted(String text) {
    return ANSWER.matcher(text).find() ? "what looks like a model's answer" : redaction.clean(text);
  }

  private static String withoutMarkup(String title) {
    String plain = title.replaceAll("<[^>]*>?", " ").strip();
    return plain.isEmpty() ? "an HTML page" : plain;
  }
}
