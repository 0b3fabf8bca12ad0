package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;

/** Posts a JSON object and reads the JSON object of the answer. */
final class JsonPost {
  private JsonPost() {}

  /**
   * Returns the object in an answer. Checks it for an error, because LM Studio answers unknown
   * requests with status 200 and an error.
   */
  static JsonObject send(
      Capability capability, String path, JsonObject body, Upstream upstream, UpstreamCall call) {
    return call.send(capability, () -> read(upstream.post(path, body, call), upstream));
  }

  private static JsonObject read(HttpAnswer answer, Upstream upstream) {
    if (answer.truncated() && answer.saysJson()) {
      throw new AnswerTooLargeException(
          "LM Studio's answer is longer than the limit of " + Upstream.MAX_JSON + " bytes",
          "Request less at a time.",
          null);
    }
    String text = answer.text();
    if (JsonText.isTooWide(text)) {
      throw new AnswerTooLargeException(
          "LM Studio's answer has more values than the limit of " + JsonText.MAX_VALUES,
          "Request less at a time, or give Java a larger heap.",
          null);
    }
    return JsonText.readObject(text)
        .filter(object -> JsonText.isAbsent(object, "error"))
        .orElseThrow(() -> upstream.errors().of(answer));
  }
}
