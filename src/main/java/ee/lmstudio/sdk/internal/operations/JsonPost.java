package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;

/** Posts an object and reads the object that answers it. */
final class JsonPost {
  private JsonPost() {}

  /**
   * The answer: an object that states no error. LM Studio answers 200 with an error to what it does
   * not know.
   */
  static JsonObject send(
      Capability capability, String path, JsonObject body, Upstream upstream, UpstreamCall call) {
    return call.send(capability, () -> read(upstream.post(path, body, call), upstream));
  }

  private static JsonObject read(HttpAnswer answer, Upstream upstream) {
    if (answer.truncated() && answer.saysJson()) {
      throw new AnswerTooLargeException(
          "LM Studio's answer is longer than the limit of " + Upstream.MAX_JSON + " bytes",
          "Ask for less at a time.",
          null);
    }
    return JsonText.readObject(answer.text())
        .filter(object -> JsonText.isAbsent(object, "error"))
        .orElseThrow(() -> upstream.errors().of(answer));
  }
}
