package ee.lmstudio.http.api;

import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.json.RecordJson;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.upstreams.ModelCatalog;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Answers {@code GET models} with the models that LM Studio has. */
@RequestScoped
@Path("models")
public class ModelsResource {
  /** The whole answer. */
  @JsonbPropertyOrder("status")
  public record ModelsAnswer(String status, List<Model> data, PageMeta meta) {
    static ModelsAnswer of(ModelCatalog.Listing listing, String requestId) {
      ModelPage page = listing.page();
      return new ModelsAnswer(
          Answers.SUCCESS,
          page.models().stream().map(Model::of).toList(),
          new PageMeta(
              requestId,
              listing.stale(),
              listing.fetchedAt(),
              page.nextCursor().orElse(null),
              page.lmstudioVersion()));
    }
  }

  /** One model. The state is also its status: {@code status} is the name that the filter has. */
  @JsonbPropertyOrder({"id", "object"})
  public record Model(
      String id,
      String object,
      Optional<String> ownedBy,
      Optional<Instant> created,
      Optional<String> status,
      Optional<String> type,
      Optional<String> state,
      Optional<ModelSummary.Metadata> metadata) {
    static Model of(ModelSummary model) {
      return new Model(
          model.id(),
          "model",
          model.ownedBy(),
          model.created(),
          model.state(),
          model.type(),
          model.state(),
          Optional.of(model.metadata()).filter(known -> !known.equals(ModelSummary.Metadata.NONE)));
    }
  }

  /** What the envelope says about the page. The last page has null as its next cursor. */
  @JsonbPropertyOrder("requestId")
  public record PageMeta(
      String requestId,
      boolean stale,
      Instant fetchedAt,
      @JsonbNillable String nextCursor,
      Optional<String> lmstudioVersion) {}

  @Inject ModelCatalog catalog;
  @Inject JsonAnswers answers;

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
    AcceptHeader.requireJson(headers);
    ModelFilter filter =
        new ModelFilter(present(ownedBy), present(status), number(limit), present(cursor));
    String requestId = RequestId.of(request);
    CallOptions options = CallOptions.by(security.getUserPrincipal().getName(), requestId);
    answers.later(
        request,
        answer,
        () -> RecordJson.write(ModelsAnswer.of(catalog.list(options, filter), requestId)));
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
}
