package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.upstreams.ModelCatalog;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;

/** Answers {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
@RequestScoped
@Path("models")
public class OpenAiModels {
  /** What LM Studio itself says of a model whose publisher it does not know. */
  private static final String UNKNOWN_OWNER = "organization_owner";

  @Inject ModelCatalog catalog;
  @Inject JsonAnswers answers;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  @GET
  public void list(@Suspended AsyncResponse answer) {
    CallOptions options = options();
    answers.later(request, answer, () -> list(all(options)).toString());
  }

  /** The id can have slashes, as in {@code qwen/qwen3-8b}. */
  @GET
  @Path("{id: .+}")
  public void one(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    CallOptions options = options();
    answers.later(request, answer, () -> model(named(id, all(options))).toString());
  }

  private CallOptions options() {
    return CallOptions.by(security.getUserPrincipal().getName(), RequestId.of(request));
  }

  private List<ModelSummary> all(CallOptions options) {
    return catalog.list(options, ModelFilter.ALL).page().models();
  }

  private static ModelSummary named(String id, List<ModelSummary> models) {
    return models.stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelNotFoundException(
                    "LM Studio has no model '%s'".formatted(id),
                    "Choose a model from GET /v1/models.",
                    null));
  }

  private static JsonObject list(List<ModelSummary> models) {
    JsonArrayBuilder data = JSON.createArrayBuilder();
    models.forEach(model -> data.add(model(model)));
    return JSON.createObjectBuilder().add("object", "list").add("data", data).build();
  }

  /** Typed clients need all four fields. 0 stands for a time that nobody knows. */
  private static JsonObject model(ModelSummary model) {
    return JSON.createObjectBuilder()
        .add("id", model.id())
        .add("object", "model")
        .add("created", model.created().map(Instant::getEpochSecond).orElse(0L))
        .add("owned_by", model.ownedBy().orElse(UNKNOWN_OWNER))
        .build();
  }
}
