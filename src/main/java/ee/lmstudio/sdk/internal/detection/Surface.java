package ee.lmstudio.sdk.internal.detection;

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
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** GETs of JSON objects. Mind that LM Studio answers 200 with an error to what it does not know. */
public final class Surface {
  /**
   * What a GET brought.
   *
   * @param version LM Studio's version, if a header said it
   */
  public record Found(JsonObject json, Optional<String> version) {
    /** The objects in a field that is a list. */
    public Stream<JsonObject> objects(String field) {
      return JsonText.objects(json, field);
    }
  }

  private final Upstream upstream;

  public Surface(Upstream upstream) {
    this.upstream = upstream;
  }

  /** The object at {@code path}, which has one of {@code fields}; throws what went wrong. */
  public Found get(String path, Set<String> fields, UpstreamCall call) {
    return call.send(() -> read(path, fields, call));
  }

  /** The same as one part of what {@code call} sends. */
  public Found read(String path, Set<String> fields, UpstreamCall call) throws IOException {
    HttpAnswer answer = upstream.get(path, call);
    JsonObject json =
        JsonText.readObject(answer.text())
            .filter(object -> JsonText.isAbsent(object, "error"))
            .filter(object -> !Collections.disjoint(object.keySet(), fields))
            .orElseThrow(() -> upstream.errors().of(answer));
    return new Found(json, Optional.ofNullable(answer.header("x-lmstudio-version")));
  }

  /** The object at {@code path}; empty if this LM Studio does not offer it. */
  public Optional<Found> find(String path, Set<String> fields, UpstreamCall call) {
    try {
      return Optional.of(get(path, fields, call));
    } catch (ConnectionException
        | TimeoutException
        | CancelledException
        | AuthenticationException notToBeLearned) {
      throw notToBeLearned;
    } catch (LmStudioException notOffered) {
      return Optional.empty();
    }
  }
}
