package ee.lmstudio.http.openai;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.ImageRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;

/** Handles {@code POST /v1/images/generations}, for LM Studios that generate images. */
@RequestScoped
@Path("images/generations")
public class OpenAiImages {
  @Inject SdkContract sdk;
  @Inject Instance<LmStudioSettings> lmStudio;
  @Inject ServerSettings settings;
  @Inject JsonAnswers answers;
  @Context HttpHeaders headers;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  @POST
  public void generate(InputStream body, @Suspended AsyncResponse answer) {
    if (!lmStudio.get().imagesEnabled()) {
      throw new ApiException(AccessErrors.featureOff("images", "LM_STUDIO_ENABLE_IMAGES"));
    }
    JsonObject fields =
        GenerationFields.object(JsonBodyReader.read(body, headers, request, settings));
    ImageRequest ask = GenerationFields.read(fields, ImageRequest::of);
    SdkContract asCaller =
        sdk.with(CallOptions.by(security.getUserPrincipal().getName(), RequestId.of(request)));
    answers.later(request, answer, () -> asCaller.createImage(ask).toJson().toString());
  }
}
