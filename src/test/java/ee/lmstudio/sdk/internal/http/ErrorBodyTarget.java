package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fuzzed: any answer is mapped to an error whose text is short, printable and without the key. */
public final class ErrorBodyTarget {
  private static final String KEY = "sk-lm-abcd1234:secretsecretsecret00";
  private static final ErrorAnswers ERRORS =
      new ErrorAnswers(LmStudioSettings.builder().apiKey(Secret.of(KEY)).build());
  private static final int[] STATUSES = {
    200, 204, 307, 400, 401, 403, 404, 408, 413, 418, 422, 429, 500, 502, 503, 504
  };

  private ErrorBodyTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] body = Arrays.copyOfRange(input, 1, input.length);
    String text = new String(body, StandardCharsets.UTF_8);
    MultivaluedHashMap<String, String> headers = new MultivaluedHashMap<>();
    headers.add("Content-Type", text.length() > 20 ? "application/json" : text);
    headers.add("Retry-After", text);
    int status = STATUSES[(input[0] & 0xFF) % STATUSES.length];
    HttpAnswer answer = new HttpAnswer(status, headers, body, false);
    check(ERRORS.of(answer));
    check(ERRORS.notLmStudio(answer));
    JsonText.read(text).ifPresent(frame -> check(ERRORS.ofFrame(frame)));
    new RetryBudget(1).pauseAfter(answer).ifPresent(ErrorBodyTarget::check);
  }

  private static void check(LmStudioException error) {
    String message = error.getMessage();
    if (message.length() > 1000
        || message.chars().anyMatch(Character::isISOControl)
        || message.contains(KEY.substring(0, 10))
        || error.hint().isBlank()) {
      throw new AssertionError("Not fit to be shown: " + message, error);
    }
  }

  private static void check(java.time.Duration pause) {
    if (pause.isNegative() || pause.toSeconds() > 60) {
      throw new AssertionError("Waits " + pause);
    }
  }
}
