package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.GeneratedImage;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Asks for images. */
public final class ImageCall {
  private static final Set<String> READ = Set.of("created", "data");
  private static final long LATEST_SECOND = Instant.MAX.getEpochSecond();

  private final Upstream upstream;

  public ImageCall(Upstream upstream) {
    this.upstream = upstream;
  }

  /** The images. */
  public ImageAnswer run(ImageRequest request) {
    return upstream.work(CallMethod.CREATE_IMAGE).run(call -> images(request, call));
  }

  private ImageAnswer images(ImageRequest request, UpstreamCall call) {
    request.model().ifPresent(call.trace()::model);
    JsonObject json =
        JsonPost.send(Capability.IMAGES, "v1/images/generations", request.toJson(), upstream, call);
    ImageAnswer answer = read(json);
    call.end();
    return answer;
  }

  private static ImageAnswer read(JsonObject json) {
    if (!(json.get("data") instanceof JsonArray data)
        || data.isEmpty()
        || !data.stream().allMatch(JsonObject.class::isInstance)) {
      throw new ProtocolException(
          "LM Studio answered without images", "Is the model one that makes images?", null);
    }
    List<GeneratedImage> images =
        data.stream().map(JsonValue::asJsonObject).map(GeneratedImage::of).toList();
    return new ImageAnswer(created(json), images, JsonText.without(json, READ));
  }

  private static Optional<Instant> created(JsonObject json) {
    OptionalLong second = JsonText.whole(json, "created");
    return second.isPresent() && second.getAsLong() >= 0 && second.getAsLong() <= LATEST_SECOND
        ? Optional.of(Instant.ofEpochSecond(second.getAsLong()))
        : Optional.empty();
  }
}
