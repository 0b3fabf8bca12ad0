package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import jakarta.json.JsonObject;

/** Requests images. */
public final class ImageCall {
  private final Upstream upstream;

  public ImageCall(Upstream upstream) {
    this.upstream = upstream;
  }

  /** Returns the images. */
  public ImageAnswer run(ImageRequest request) {
    return upstream.work(CallMethod.CREATE_IMAGE).run(call -> images(request, call));
  }

  private ImageAnswer images(ImageRequest request, UpstreamCall call) {
    request.model().ifPresent(call.trace()::model);
    JsonObject json =
        JsonPost.send(Capability.IMAGES, "v1/images/generations", request.toJson(), upstream, call);
    ImageAnswer answer = ImageAnswer.of(json);
    call.end();
    return answer;
  }
}
