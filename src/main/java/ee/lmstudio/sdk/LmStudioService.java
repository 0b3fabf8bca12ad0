package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Offers the four calls that most programs need. Inject it, or create an instance:
 *
 * <pre>{@code
 * try (LmStudio lmStudio = LmStudio.connect(LmStudioSettings.defaults())) {
 *   LmStudioService service = new LmStudioService(lmStudio);
 *   System.out.println(service.ask("Why is the sky blue?"));
 *   service.stream("Tell me a story.", System.out::print);
 * }
 * }</pre>
 *
 * <p>An instance serves any number of threads. The calls behave as {@link SdkContract} describes,
 * and throw the same exceptions.
 */
public final class LmStudioService {
  private final SdkContract sdk;

  /**
   * Creates a facade over {@code sdk}. The caller still has to close {@code sdk}.
   *
   * @param sdk makes the calls
   */
  public LmStudioService(SdkContract sdk) {
    this.sdk = Objects.requireNonNull(sdk, "sdk");
  }

  /**
   * {@return the answer to a prompt, from the default model or, without a default, from the only
   * loaded model}
   *
   * @param prompt the prompt to answer
   */
  public String ask(String prompt) {
    return sdk.createChatCompletion(ChatRequest.of(prompt)).content();
  }

  /**
   * {@return the answer of this model to a prompt}
   *
   * @param model id of the model to ask
   * @param prompt the prompt to answer
   */
  public String ask(String model, String prompt) {
    return sdk.createChatCompletion(ChatRequest.of(model, prompt)).content();
  }

  /**
   * Streams the answer to {@code text}, on the calling thread, and returns the whole answer.
   *
   * @param prompt the prompt to answer
   * @param text receives the visible text of each delta
   * @return the whole answer
   * @throws StreamingException if the stream breaks after text was delivered. A second attempt
   *     would start over, and a consumer of text cannot take text back. Use {@link
   *     SdkContract#createChatCompletion} with an observer to recover from this
   */
  public Completion stream(String prompt, Consumer<String> text) {
    Objects.requireNonNull(text, "text");
    return sdk.createChatCompletion(ChatRequest.of(prompt), new TextObserver(text));
  }

  /**
   * {@return one vector for each text, in the order of the texts}
   *
   * @param texts at least one text
   */
  public List<Embedding> embed(List<String> texts) {
    return sdk.createEmbedding(EmbeddingRequest.of(texts)).embeddings();
  }

  /** {@return the models that can answer a prompt, loaded models first} */
  public List<ModelSummary> usableModels() {
    return sdk.listModels(ModelFilter.ALL).models().stream()
        .filter(ModelSummary::generatesText)
        .sorted(Comparator.comparing(ModelSummary::loaded).reversed())
        .toList();
  }

  private record TextObserver(Consumer<String> text) implements StreamObserver {
    @Override
    public void onDelta(Delta delta) {
      if (!delta.content().isEmpty()) {
        text.accept(delta.content());
      }
    }

    @Override
    public void onReset(String reason) {
      throw new StreamingException(
          "The stream broke after text had been delivered. A text consumer cannot discard it: "
              + reason,
          "Retry, or use createChatCompletion with a StreamObserver.",
          null);
    }
  }
}
