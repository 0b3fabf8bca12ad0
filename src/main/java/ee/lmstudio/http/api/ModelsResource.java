package ee.lmstudio.http.api;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Answers {@code GET models} with the models that LM Studio has. */
@RequestScoped
@Path("models")
public class ModelsResource {
  @Inject SdkContract sdk;

  @GET
  public void list(
      @QueryParam("owned_by") String ownedBy,
      @QueryParam("status") String status,
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse answer) {
    if (AcceptHeader.of(headers).json() <= 0) {
      throw ApiException.notAcceptable("application/json");
    }
    ModelFilter filter =
        new ModelFilter(present(ownedBy), present(status), number(limit), present(cursor));
    String requestId = RequestId.of(request);
    SdkContract lmStudio =
        sdk.with(CallOptions.by(security.getUserPrincipal().getName(), requestId));
    Answers.later(answer, () -> page(lmStudio.listModels(filter), requestId));
  }

  private static Response page(ModelPage page, String requestId) {
    JsonArrayBuilder models = JSON.createArrayBuilder();
    page.models().forEach(model -> models.add(json(model)));
    JsonObjectBuilder meta =
        JSON.createObjectBuilder().add("stale", false).add("fetched_at", Instant.now().toString());
    page.nextCursor()
        .ifPresentOrElse(next -> meta.add("next_cursor", next), () -> meta.addNull("next_cursor"));
    page.lmstudioVersion().ifPresent(version -> meta.add("lmstudio_version", version));
    return Answers.ok(requestId, models.build(), meta.build());
  }

  private static Optional<String> present(String text) {
    return Optional.ofNullable(text).filter(value -> !value.isEmpty());
  }

  private static OptionalInt number(String text) {
    if (text == null || text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw ValidationException.of("limit", "is '" + text + "'; it must be from 1 to 1000");
    }
  }

  private static JsonObject json(ModelSummary model) {
    JsonObjectBuilder json =
        JSON.createObjectBuilder().add("id", model.id()).add("object", "model");
    put(json, "owned_by", model.ownedBy());
    put(json, "created", model.created().map(Instant::toString));
    put(json, "status", model.state());
    put(json, "type", model.type());
    put(json, "state", model.state());
    JsonObjectBuilder metadata = JSON.createObjectBuilder();
    ModelSummary.Metadata known = model.metadata();
    put(metadata, "format", known.format());
    put(metadata, "family", known.family());
    put(metadata, "parameter_size", known.parameterSize());
    put(metadata, "quantization_level", known.quantizationLevel());
    known.contextLength().ifPresent(tokens -> metadata.add("context_length", tokens));
    JsonObject all = metadata.build();
    if (!all.isEmpty()) {
      json.add("metadata", all);
    }
    return json.build();
  }

  private static void put(JsonObjectBuilder json, String name, Optional<String> value) {
    value.ifPresent(text -> json.add(name, text));
  }
}
