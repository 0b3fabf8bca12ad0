package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.HealthStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** Answers {@code GET health} with LM Studio's status, for callers that are signed in. */
@RequestScoped
@Path("health")
public class HealthResource {
  @Inject SdkContract sdk;

  @GET
  public void health(
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    if (AcceptHeader.of(headers).json() <= 0) {
      throw ApiException.notAcceptable("application/json");
    }
    String requestId = RequestId.of(request);
    SdkContract lmStudio =
        sdk.with(CallOptions.by(security.getUserPrincipal().getName(), requestId));
    Answers.later(answer, () -> told(lmStudio.healthCheck(), requestId));
  }

  private static Response told(HealthStatus health, String requestId) {
    JsonObjectBuilder json = JSON.createObjectBuilder().add("status", health.status());
    health.lmstudioVersion().ifPresent(version -> json.add("lmstudio_version", version));
    json.add("version_detected_by", health.versionDetectedBy().id());
    health.apiVersion().ifPresent(version -> json.add("api_version", version));
    health.modelsLoaded().ifPresent(count -> json.add("models_loaded", count));
    health.uptime().ifPresent(uptime -> json.add("uptime_ms", uptime.toMillis()));
    return Answers.ok(requestId, json.build());
  }
}
