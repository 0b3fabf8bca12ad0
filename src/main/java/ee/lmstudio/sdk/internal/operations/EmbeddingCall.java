package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.listing.ModelListing;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.EmbeddingUsage;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns texts into vectors: a long list by several requests, which are one call. */
public final class EmbeddingCall {
  private static final Set<String> READ = Set.of("object", "data", "model", "usage");

  private final Upstream upstream;
  private final ModelListing models;

  public EmbeddingCall(Upstream upstream, ModelListing models) {
    this.upstream = upstream;
    this.models = models;
  }

  /** All vectors, by one call's limits and one budget of retries. */
  public EmbeddingAnswer run(EmbeddingRequest request) {
    return upstream.plain(CallMethod.CREATE_EMBEDDING).run(call -> answer(request, call));
  }

  private EmbeddingAnswer answer(EmbeddingRequest request, UpstreamCall call) {
    EmbeddingRequest named =
        request.model().isPresent() ? request : request.withModel(models.forEmbeddings(call));
    named.model().ifPresent(call.trace()::model);
    EmbeddingAnswer answer = all(named, call);
    call.trace().model(answer.model());
    EmbeddingUsage usage = answer.usage();
    if (usage.counted()) {
      call.trace().tokens(new Tokens(usage.promptTokens(), 0, false));
    }
    call.end();
    return answer;
  }

  private EmbeddingAnswer all(EmbeddingRequest request, UpstreamCall call) {
    List<String> texts = request.input();
    List<EmbeddingAnswer> parts = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += EmbeddingRequest.TEXTS_A_REQUEST) {
      int to = Math.min(texts.size(), from + EmbeddingRequest.TEXTS_A_REQUEST);
      parts.add(part(request.withInput(texts.subList(from, to)), call));
    }
    EmbeddingAnswer first = parts.get(0);
    parts.forEach(part -> checkModel(first, part));
    List<Embedding> vectors = parts.stream().flatMap(p -> p.embeddings().stream()).toList();
    checkDimensions(vectors);
    EmbeddingUsage usage =
        parts.stream().map(EmbeddingAnswer::usage).reduce(EmbeddingUsage::plus).orElseThrow();
    return new EmbeddingAnswer(first.model(), vectors, usage, first.extra());
  }

  private static void checkModel(EmbeddingAnswer first, EmbeddingAnswer later) {
    if (!later.model().equals(first.model())) {
      throw EmbeddingReader.wrong(
          "The first texts were answered by '%s', later ones by '%s': these vectors do not compare"
              .formatted(first.model(), later.model()));
    }
  }

  private EmbeddingAnswer part(EmbeddingRequest request, UpstreamCall call) {
    JsonObject json =
        JsonPost.send(Capability.EMBEDDINGS, "v1/embeddings", request.toJson(), upstream, call);
    if (!(json.get("data") instanceof JsonArray data)) {
      throw EmbeddingReader.wrong("'data' is no list");
    }
    String asked = request.model().orElseThrow();
    String model = JsonText.string(json, "model").orElse(asked);
    if (upstream.settings().strictModel() && !model.equals(asked)) {
      throw new ModelNotFoundException(
          "Model '%s' was asked, '%s' answered".formatted(asked, model),
          "Load the model that was asked, or set lm-studio.strict-model=false.",
          null);
    }
    return new EmbeddingAnswer(
        model,
        EmbeddingReader.vectors(data, request.input().size()),
        EmbeddingReader.usage(json),
        JsonText.without(json, READ));
  }

  private static void checkDimensions(List<Embedding> vectors) {
    int first = vectors.get(0).dimension();
    for (int i = 1; i < vectors.size(); i++) {
      int dimension = vectors.get(i).dimension();
      if (dimension != first) {
        throw EmbeddingReader.wrong(
            "Vector 0 has %d numbers, vector %d has %d".formatted(first, i, dimension));
      }
    }
  }
}
