package ee.lmstudio.sdk;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.LoadRequest;
import ee.lmstudio.sdk.model.LoadedModel;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import java.io.OutputStream;

/**
 * What LM Studio can do for a program. Inject it, or get one from {@link LmStudio#connect}.
 *
 * <p>The calls block, may be used from any number of threads at once, and throw an {@link
 * ee.lmstudio.sdk.error.LmStudioException} whose type says what to do. Interrupting a virtual
 * thread ends its call with {@link ee.lmstudio.sdk.error.CancelledException}.
 */
public interface SdkContract {
  /**
   * The same LM Studio for calls with other options: their key, headers, limits, actor and request
   * id. A view: it shares connections, clock and all that is known of LM Studio, is not to be
   * closed, and serves as long as what it was made from. Options of a view's view are added; what
   * both set, the later one sets.
   *
   * @param options what is otherwise than the settings say
   * @return the view
   */
  SdkContract with(CallOptions options);

  /**
   * Asks how LM Studio is. Works without a model.
   *
   * @return its status and version
   */
  HealthStatus healthCheck();

  /**
   * {@return the models that LM Studio has, merged from all its listings}
   *
   * @param filter which of them; {@link ModelFilter#ALL} for all
   */
  ModelPage listModels(ModelFilter filter);

  /**
   * Answers a chat whole. It is collected from a stream, since only a stream can be cancelled.
   *
   * @param request the chat, and how to answer it
   * @return the whole answer
   */
  default Completion createChatCompletion(ChatRequest request) {
    return createChatCompletion(request, new StreamObserver() {});
  }

  /**
   * Answers a chat piece by piece to the observer, and whole to the caller.
   *
   * @param request the chat, and how to answer it
   * @param observer hears of the answer while it comes; must not be null
   * @return the whole answer
   */
  Completion createChatCompletion(ChatRequest request, StreamObserver observer);

  /**
   * The same without blocking: the observer is called on a thread of its own.
   *
   * @param request the chat, and how to answer it
   * @param observer hears of the answer while it comes; must not be null
   * @return the handle that cancels it
   */
  StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer);

  /**
   * Continues a text whole.
   *
   * @param request the text, and how to continue it
   * @return the whole answer
   */
  default Completion createCompletion(CompletionRequest request) {
    return createCompletion(request, new StreamObserver() {});
  }

  /**
   * Continues a text piece by piece to the observer, and whole to the caller.
   *
   * @param request the text, and how to continue it
   * @param observer hears of the answer while it comes; must not be null
   * @return the whole answer
   */
  Completion createCompletion(CompletionRequest request, StreamObserver observer);

  /**
   * The same without blocking: the observer is called on a thread of its own.
   *
   * @param request the text, and how to continue it
   * @param observer hears of the answer while it comes; must not be null
   * @return the handle that cancels it
   */
  StreamHandle startCompletion(CompletionRequest request, StreamObserver observer);

  /**
   * Texts as vectors, in the order of the texts, all of one dimension.
   *
   * <p>A list of more than {@link EmbeddingRequest#TEXTS_A_REQUEST} texts goes out as several
   * requests, one after the other; the call's time limit and its retries are for all of them
   * together.
   *
   * @param request the texts
   * @return a vector for each text
   * @throws ee.lmstudio.sdk.error.ProtocolException if vectors are missing, empty, all zero, or of
   *     different dimensions
   */
  EmbeddingAnswer createEmbedding(EmbeddingRequest request);

  /**
   * A recording as a text, in its own language. Needs {@code audioEnabled}. Runs under the
   * generation limit. The recording goes out as it is read; a retry reads it again from its
   * beginning, and one that can be read once is not sent again.
   *
   * @param request the recording
   * @return what was said
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if audio is switched off, or this LM
   *     Studio has none
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the transcript is over 16 MiB
   * @throws java.io.UncheckedIOException if the recording cannot be read
   */
  Transcript createTranscription(TranscriptionRequest request);

  /**
   * A recording, in whatever language, as an English text; all else as a transcription.
   *
   * @param request the recording
   * @return what was said
   */
  Transcript createTranslation(TranscriptionRequest request);

  /**
   * A text as speech, written to {@code sink} as it comes, and flushed at the end; the sink stays
   * open. Needs {@code audioEnabled}. Runs under the generation limit. An answer that is an error
   * is recognised before a byte reaches the sink; when the call fails later, the sink has what came
   * so far.
   *
   * @param request the text, and whose voice
   * @param sink gets the audio
   * @return what was written
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if audio is switched off, or this LM
   *     Studio has none
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the audio is over {@link
   *     Speech#MAX_BYTES}
   * @throws java.io.UncheckedIOException if the sink cannot be written to
   */
  Speech createSpeech(SpeechRequest request, OutputStream sink);

  /**
   * Images from a text, whole or as addresses, which are not called. Needs {@code imagesEnabled}.
   * Runs under the generation limit.
   *
   * @param request what to show
   * @return at least one image
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if images are switched off, or this
   *     LM Studio has none
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the answer is over 64 MiB
   */
  ImageAnswer createImage(ImageRequest request);

  /**
   * Loads a model, on LM Studio 0.4.0 and later. Blocks until it is loaded; runs under the
   * generation limit, and is never sent twice. Interrupting a virtual thread ends its waiting.
   *
   * <p>LM Studio loads a second instance of a model if it is asked twice. So callers who want the
   * same model at the same time share one load: who is cancelled leaves, the others wait on, and
   * when the last one left the request is closed. A model that has an instance with every setting
   * that {@code request} names is not loaded again: {@link LoadedModel#wasLoaded()}.
   *
   * @param request which model, and how
   * @return the loaded instance
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if this LM Studio cannot
   * @throws ee.lmstudio.sdk.error.ModelNotFoundException if it has no such model
   */
  LoadedModel loadModel(LoadRequest request);

  /**
   * Unloads one instance of a model, on LM Studio 0.4.0 and later.
   *
   * @param instanceId {@link LoadedModel#instanceId()}, or the id of one that is listed
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if this LM Studio cannot
   * @throws ee.lmstudio.sdk.error.ModelNotFoundException if it has no such instance
   */
  void unloadModel(String instanceId);
}
