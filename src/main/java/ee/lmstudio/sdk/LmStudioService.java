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
 * The SDK for the four things that most programs want. Inject it, or make one:
 *
 * <pre>{@code
 * try (LmStudio lmStudio = LmStudio.connect(LmStudioSettings.defaults())) {
 *   LmStudioService service = new LmStudioService(lmStudio);
 *   System.out.println(service.ask("Why is the sky blue?"));
 *   service.stream("Tell me a story.", System.out::print);
 * }
 * }</pre>
 *
 * <p>For any number of threads. Everything that {@link SdkContract} says of its calls holds here,
 * their exceptions included.
 */
public final class LmStudioService {
  private final SdkContract sdk;

  /**
   * The facade over this SDK, which stays yours to close.
   *
   * @param sdk makes the calls
   */
  public LmStudioService(SdkContract sdk) {
    this.sdk = Objects.requireNonNull(sdk, "sdk");
  }

  /**
   * {@return the answer to a prompt, by the default model, or the only one that is loaded}
   *
   * @param prompt what to answer
   */
  public String ask(String prompt) {
    return sdk.createChatCompletion(ChatRequest.of(prompt)).content();
  }

  /**
   * {@return the answer of this model to a prompt}
   *
   * @param model whom to ask
   * @param prompt what to answer
   */
  public String ask(String model, String prompt) {
    return sdk.createChatCompletion(ChatRequest.of(model, prompt)).content();
  }

  /**
   * Answers a prompt piece by piece to {@code text}, on the calling thread, and returns the whole.
   *
   * @param prompt what to answer
   * @param text gets each piece of visible text
   * @return the whole answer
   * @throws StreamingException if the stream breaks after text: a second attempt would begin anew,
   *     and a consumer of bare text cannot be told so. {@link SdkContract#createChatCompletion}
   *     with an observer can
   */
  public Completion stream(String prompt, Consumer<String> text) {
    Objects.requireNonNull(text, "text");
    return sdk.createChatCompletion(ChatRequest.of(prompt), new TextObserver(text));
  }

  /**
   * {@return texts as vectors, in their order} Any number of texts, at least one.
   *
   * @param texts none of them empty
   */
  public List<Embedding> embed(List<String> texts) {
    return sdk.createEmbedding(EmbeddingRequest.of(texts)).embeddings();
  }

  /** {@return the models that can answer a prompt: those that are loaded first} */
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
          "The stream broke after text, which a consumer of bare text cannot take back: " + reason,
          "Ask again, or use createChatCompletion with a StreamObserver.",
          null);
    }
  }
}
