package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.listing.ModelListing;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.EmbeddingUsage;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Turns texts into vectors. A long list needs several requests, which are one call. */
public final class EmbeddingCall {
  /**
   * Maximum number of numbers in all vectors of one call: one for each 512 bytes of the heap, but
   * at least a million. With 1 GiB, that is enough for 2,048 texts with 1,024 numbers each.
   */
  static final long MAX_NUMBERS = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 512);

  private final Upstream upstream;
  private final ModelListing models;

  public EmbeddingCall(Upstream upstream, ModelListing models) {
    this.upstream = upstream;
    this.models = models;
  }

  /** Returns all vectors, within the limits and the retry budget of one call. */
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
    long numbers = 0;
    for (int from = 0; from < texts.size(); from += EmbeddingRequest.TEXTS_A_REQUEST) {
      int to = Math.min(texts.size(), from + EmbeddingRequest.TEXTS_A_REQUEST);
      EmbeddingAnswer part = part(request.withInput(texts.subList(from, to)), call);
      numbers += (long) part.dimension() * part.embeddings().size();
      if (numbers > MAX_NUMBERS) {
        throw new AnswerTooLargeException(
            "The vectors have more than %d numbers".formatted(MAX_NUMBERS),
            "Send fewer texts in one request.",
            null);
      }
      parts.add(part);
    }
    return EmbeddingAnswer.joined(parts);
  }

  private EmbeddingAnswer part(EmbeddingRequest request, UpstreamCall call) {
    JsonObject json =
        JsonPost.send(Capability.EMBEDDINGS, "v1/embeddings", request.toJson(), upstream, call);
    EmbeddingAnswer answer = EmbeddingAnswer.of(json);
    requireAll(request, answer);
    String asked = request.model().orElseThrow();
    EmbeddingAnswer named = answer.model().isEmpty() ? answer.withModel(asked) : answer;
    if (upstream.settings().strictModel() && !named.model().equals(asked)) {
      throw new ModelNotFoundException(
          "Model '%s' was requested, but model '%s' answered".formatted(asked, named.model()),
          "Load the model that was asked for, or set `strictModel(false)`.",
          null);
    }
    return named;
  }

  private static void requireAll(EmbeddingRequest request, EmbeddingAnswer answer) {
    int sent = request.input().size();
    int came = answer.embeddings().size();
    if (sent != came) {
      throw new ProtocolException(
          "LM Studio returned %2$d vectors for %1$d texts".formatted(sent, came),
          "Check that the model is an embedding model, and update LM Studio.",
          null);
    }
  }
}
