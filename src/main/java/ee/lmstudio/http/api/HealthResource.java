package ee.lmstudio.http.api;

import ee.lmstudio.http.api.Answers.Meta;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.json.RecordJson;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.upstreams.Machine;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Answers {@code GET health} with LM Studio's status, for callers that are signed in. */
@RequestScoped
@Path("health")
public class HealthResource {
  /** The whole answer. */
  @JsonbPropertyOrder("status")
  public record HealthAnswer(String status, Health data, Meta meta) {}

  /** LM Studio's status as this API names it. */
  @JsonbPropertyOrder("status")
  public record Health(
      String status,
      Optional<String> lmstudioVersion,
      String versionDetectedBy,
      Optional<String> apiVersion,
      OptionalInt modelsLoaded,
      Optional<Long> uptimeMs,
      Map<String, String> capabilities) {
    static Health of(HealthStatus health, Map<Capability, Support> capabilities) {
      Map<String, String> byId = new TreeMap<>();
      capabilities.forEach((capability, support) -> byId.put(capability.id(), support.id()));
      return new Health(
          health.status(),
          health.lmstudioVersion(),
          health.versionDetectedBy().id(),
          health.apiVersion(),
          health.modelsLoaded(),
          health.uptime().map(Duration::toMillis),
          byId);
    }
  }

  @Inject Upstreams upstreams;
  @Inject JsonAnswers answers;

  @GET
  public void health(
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    AcceptHeader.requireJson(headers);
    String requestId = RequestId.of(request);
    CallOptions options = CallOptions.by(security.getUserPrincipal().getName(), requestId);
    answers.later(
        request,
        answer,
        () -> {
          Machine machine = upstreams.machine();
          HealthStatus status = machine.sdk().with(options).healthCheck();
          Health health = Health.of(status, machine.capabilities(options).all());
          return RecordJson.write(new HealthAnswer(Answers.SUCCESS, health, new Meta(requestId)));
        });
  }
}
