package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.Optional;

/** GETs of JSON objects. Mind that LM Studio answers 200 with an error to what it does not know. */
final class Surface {
  /**
   * What a GET brought.
   *
   * @param version LM Studio's version, if a header said it
   */
  record Found(JsonObject json, Optional<String> version) {}

  private final Upstream upstream;

  Surface(Upstream upstream) {
    this.upstream = upstream;
  }

  /** The object at {@code path}; throws what went wrong. */
  Found get(String path, UpstreamCall call) {
    HttpAnswer answer = call.send(() -> upstream.get(path, call));
    JsonObject json =
        JsonText.readObject(answer.text())
            .filter(object -> !object.containsKey("error"))
            .orElseThrow(() -> upstream.errors().of(answer));
    return new Found(json, Optional.ofNullable(answer.header("x-lmstudio-version")));
  }

  /** The object at {@code path}; empty if this LM Studio does not offer it. */
  Optional<Found> find(String path, UpstreamCall call) {
    try {
      return Optional.of(get(path, call));
    } catch (ConnectionException | TimeoutException | CancelledException notToBeLearned) {
      throw notToBeLearned;
    } catch (AuthenticationException refused) {
      throw refused;
    } catch (LmStudioException notOffered) {
      return Optional.empty();
    }
  }
}
