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
 * Calls LM Studio. Inject it, or get an instance from {@link LmStudio#connect}.
 *
 * <p>The calls block and may be made from any number of threads at once. They throw an {@link
 * ee.lmstudio.sdk.error.LmStudioException} whose type says what to do. Interrupting a virtual
 * thread ends its call with {@link ee.lmstudio.sdk.error.CancelledException}.
 */
public interface SdkContract {
  /**
   * Returns a view of this client whose calls use other options: key, headers, time limits, actor
   * and request id. The view shares the connections, the clock and everything that is known of LM
   * Studio. It must not be closed, and works until the original client is closed. A view of a view
   * combines the options of both; if both set a value, the later one applies.
   *
   * @param options the options that override the settings
   * @return the view
   */
  SdkContract with(CallOptions options);

  /**
   * Asks LM Studio for its status and version. Works without a loaded model.
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
   * Returns the whole answer to a chat. The SDK collects the answer from a stream, because LM
   * Studio stops generating only when a stream is closed.
   *
   * @param request the chat, and how to answer it
   * @return the whole answer
   */
  default Completion createChatCompletion(ChatRequest request) {
    return createChatCompletion(request, new StreamObserver() {});
  }

  /**
   * Streams the answer to a chat to the observer, and returns the whole answer.
   *
   * @param request the chat, and how to answer it
   * @param observer receives the answer while it arrives; must not be null
   * @return the whole answer
   */
  Completion createChatCompletion(ChatRequest request, StreamObserver observer);

  /**
   * Starts the same generation without blocking: the observer is called on a separate thread.
   *
   * @param request the chat, and how to answer it
   * @param observer receives the answer while it arrives; must not be null
   * @return the handle that cancels it
   */
  StreamHandle startChatCompletion(ChatRequest request, StreamObserver observer);

  /**
   * Returns the whole continuation of a text.
   *
   * @param request the text, and how to continue it
   * @return the whole answer
   */
  default Completion createCompletion(CompletionRequest request) {
    return createCompletion(request, new StreamObserver() {});
  }

  /**
   * Streams the continuation of a text to the observer, and returns the whole continuation.
   *
   * @param request the text, and how to continue it
   * @param observer receives the answer while it arrives; must not be null
   * @return the whole answer
   */
  Completion createCompletion(CompletionRequest request, StreamObserver observer);

  /**
   * Starts the same generation without blocking: the observer is called on a separate thread.
   *
   * @param request the text, and how to continue it
   * @param observer receives the answer while it arrives; must not be null
   * @return the handle that cancels it
   */
  StreamHandle startCompletion(CompletionRequest request, StreamObserver observer);

  /**
   * Returns one vector for each text, in the order of the texts. All vectors have the same
   * dimension.
   *
   * <p>A list of more than {@link EmbeddingRequest#TEXTS_A_REQUEST} texts is sent as several
   * requests, one after the other. The call's time limit and its retries cover all of them
   * together.
   *
   * @param request the texts
   * @return a vector for each text
   * @throws ee.lmstudio.sdk.error.ProtocolException if vectors are missing, empty, all zero, or of
   *     different dimensions
   */
  EmbeddingAnswer createEmbedding(EmbeddingRequest request);

  /**
   * Transcribes a recording in its own language. Needs {@code audioEnabled}. Runs under the
   * generation limit. The recording is sent while it is read. A retry reads it again from its
   * beginning; a recording that can only be read once is not retried.
   *
   * @param request the recording
   * @return the transcript
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if audio is switched off, or this
   *     version of LM Studio does not support it
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the transcript is over 16 MiB
   * @throws java.io.UncheckedIOException if the recording cannot be read
   */
  Transcript createTranscription(TranscriptionRequest request);

  /**
   * Translates a recording of any language into English text. Otherwise works like {@link
   * #createTranscription}.
   *
   * @param request the recording
   * @return the English transcript
   */
  Transcript createTranslation(TranscriptionRequest request);

  /**
   * Turns a text into speech. The audio is written to {@code sink} while it arrives, and flushed at
   * the end; the sink stays open. Needs {@code audioEnabled}. Runs under the generation limit. If
   * LM Studio answers with an error, nothing is written. If the call fails later, the sink has
   * received part of the audio.
   *
   * @param request the text and the voice
   * @param sink receives the audio
   * @return type and size of the audio that was written
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if audio is switched off, or this
   *     version of LM Studio does not support it
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the audio is over {@link
   *     Speech#MAX_BYTES}
   * @throws java.io.UncheckedIOException if the sink cannot be written to
   */
  Speech createSpeech(SpeechRequest request, OutputStream sink);

  /**
   * Generates images from a text. LM Studio returns the images themselves or their addresses; the
   * SDK does not fetch the addresses. Needs {@code imagesEnabled}. Runs under the generation limit.
   *
   * @param request the text and the options
   * @return at least one image
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if images are switched off, or this
   *     version of LM Studio does not support them
   * @throws ee.lmstudio.sdk.error.AnswerTooLargeException if the answer is larger than 64 MiB (with
   *     a heap of less than 2 GiB: 1/32 of the heap, but at least 8 MiB), or has too many values
   */
  ImageAnswer createImage(ImageRequest request);

  /**
   * Loads a model, on LM Studio 0.4.0 and later. Blocks until the model is loaded. Runs under the
   * generation limit, and is never retried. Interrupting a virtual thread ends the wait.
   *
   * <p>LM Studio loads a second instance of a model if it receives a second request. Therefore
   * callers that load the same model at the same time share one request. If one of these callers is
   * cancelled, the others continue to wait; when no caller is left, the SDK closes the request. If
   * the model already has an instance with every setting that {@code request} names, that instance
   * is returned and {@link LoadedModel#wasLoaded()} is true.
   *
   * @param request the model and its load settings
   * @return the loaded instance
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if this version of LM Studio cannot
   *     load models
   * @throws ee.lmstudio.sdk.error.ModelNotFoundException if LM Studio has no such model
   */
  LoadedModel loadModel(LoadRequest request);

  /**
   * Unloads one instance of a model, on LM Studio 0.4.0 and later.
   *
   * @param instanceId {@link LoadedModel#instanceId()}, or the id of a listed instance
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if this version of LM Studio cannot
   *     unload models
   * @throws ee.lmstudio.sdk.error.ModelNotFoundException if LM Studio has no such instance
   */
  void unloadModel(String instanceId);
}
