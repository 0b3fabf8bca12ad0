package ee.lmstudio.sdk;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;

/**
 * What LM Studio can do for a program. Inject it, or get one from {@link LmStudio#connect}.
 *
 * <p>The calls block, may be used from any number of threads at once, and throw an {@link
 * ee.lmstudio.sdk.error.LmStudioException} whose type says what to do. Interrupting a virtual
 * thread ends its call with {@link ee.lmstudio.sdk.error.CancelledException}.
 */
public interface SdkContract {
  /** How LM Studio is. Works without a model. */
  HealthStatus healthCheck();

  /** The models that LM Studio has, merged from all its listings. */
  ModelPage listModels(ModelFilter filter);

  /** Answers a chat whole. It is collected from a stream, since only a stream can be cancelled. */
  default Completion createChatCompletion(ChatRequest request) {
    return createChatCompletion(request, new StreamObserver() {});
  }

  /** Answers a chat piece by piece to the observer, and whole to the caller. */
  Completion createChatCompletion(ChatRequest request, StreamObserver observer);

  /** The same without blocking: the observer is called on a thread of its own. */
  StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer);

  /** Continues a text whole. */
  default Completion createCompletion(CompletionRequest request) {
    return createCompletion(request, new StreamObserver() {});
  }

  /** Continues a text piece by piece to the observer, and whole to the caller. */
  Completion createCompletion(CompletionRequest request, StreamObserver observer);

  /** The same without blocking: the observer is called on a thread of its own. */
  StreamHandle startCompletion(CompletionRequest request, StreamObserver observer);

  /**
   * Texts as vectors, in the order of the texts, all of one dimension.
   *
   * <p>A list of more than {@link EmbeddingRequest#TEXTS_A_REQUEST} texts goes out as several
   * requests, one after the other; the call's time limit and its retries are for all of them
   * together.
   *
   * @throws ee.lmstudio.sdk.error.ProtocolException if vectors are missing, empty, all zero, or of
   *     different dimensions
   */
  EmbeddingAnswer createEmbedding(EmbeddingRequest request);
}
