package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
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

/**
 * Gets JSON objects from LM Studio. Checks each object for an error, because LM Studio answers
 * unknown paths with status 200 and an error.
 */
public final class JsonEndpoints {
  /**
   * Holds the result of a GET.
   *
   * @param version LM Studio's version, if a header named it
   */
  public record Found(JsonObject json, Optional<String> version) {
    /** Returns the objects in a field that is a list. */
    public Stream<JsonObject> objects(String field) {
      return JsonText.objects(json, field);
    }
  }

  private final Upstream upstream;

  public JsonEndpoints(Upstream upstream) {
    this.upstream = upstream;
  }

  /**
   * Returns the object at {@code path}, which must have one of {@code fields}. Throws an exception
   * otherwise.
   */
  public Found get(String path, Set<String> fields, UpstreamCall call) {
    return call.send(() -> read(path, fields, call));
  }

  /** Returns the object at {@code path} as a part of {@code call}. */
  public Found read(String path, Set<String> fields, UpstreamCall call) throws IOException {
    HttpAnswer answer = upstream.get(path, call);
    return found(path, fields, answer).orElseThrow(() -> upstream.errors().of(answer));
  }

  /**
   * Returns the JSON object of an answer; empty if the answer has none, is an error, or has none of
   * the fields.
   */
  private static Optional<Found> found(String path, Set<String> fields, HttpAnswer answer) {
    if (answer.saysJson() && answer.truncated()) {
      throw tooLarge(path, Upstream.MAX_LISTING + " bytes", "Check");
    }
    String text = answer.text();
    Optional<JsonObject> object = JsonText.readObject(text);
    if (object.isEmpty() && JsonText.isTooWide(text)) {
      throw tooLarge(path, JsonText.MAX_VALUES + " values", "Give Java a larger heap, or check");
    }
    return object
        .filter(read -> JsonText.isAbsent(read, "error"))
        .filter(read -> !Collections.disjoint(read.keySet(), fields))
        .map(read -> new Found(read, Optional.ofNullable(answer.header("x-lmstudio-version"))));
  }

  private static ProtocolException tooLarge(String path, String limit, String remedy) {
    return new ProtocolException(
        "LM Studio's answer to GET /%s has more than %s".formatted(path, limit),
        remedy + " LM_STUDIO_BASE_URL: another program may answer on this port.",
        null);
  }

  /**
   * Returns the object at {@code path}; empty if this version of LM Studio does not have the path.
   * Throws an exception if the object is too large.
   */
  public Optional<Found> find(String path, Set<String> fields, UpstreamCall call) {
    HttpAnswer answer;
    try {
      answer = call.send(() -> upstream.get(path, call));
    } catch (ConnectionException
        | TimeoutException
        | CancelledException
        | AuthenticationException notToBeLearned) {
      throw notToBeLearned;
    } catch (LmStudioException notOffered) {
      return Optional.empty();
    }
    return found(path, fields, answer);
  }
}
