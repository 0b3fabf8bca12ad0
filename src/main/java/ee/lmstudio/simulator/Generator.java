package ee.lmstudio.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Answers one chat or completion, whatever the form of the answer. Used by one thread. */
final class Generator {
  private static final int ID_CHARACTERS = 21;
  private static final int ID_RADIX = 36;

  private final SimulatorSettings settings;
  private final LoadedModels loaded;
  private final Express express;
  private final Instant now;

  Generator(SimulatorSettings settings, LoadedModels loaded, Express express, Instant now) {
    this.settings = settings;
    this.loaded = loaded;
    this.express = express;
    this.now = now;
  }

  SimulatorReply chat(SimulatorRequest http) {
    CheckedRequest request = CheckedRequest.chat(JsonBody.of(http));
    return answer(
        http,
        request,
        generation ->
            new AnswerForm(
                () -> plain(generation, http).chat(),
                () -> new StreamedAnswer(generation, new ChatChunks(generation))));
  }

  SimulatorReply completion(SimulatorRequest http) {
    CheckedRequest request = CheckedRequest.completion(JsonBody.of(http));
    return answer(
        http,
        request,
        generation ->
            new AnswerForm(
                () -> plain(generation, http).completion(),
                () -> new StreamedAnswer(generation, new CompletionChunks(generation))));
  }

  private static PlainAnswer plain(Generation generation, SimulatorRequest http) {
    return new PlainAnswer(generation, http.path().startsWith("/api/v0/"));
  }

  /** Returns the answer to {@code request} in the form that it asks for. */
  SimulatorReply answer(
      SimulatorRequest http, CheckedRequest request, Function<Generation, AnswerForm> form) {
    boolean streamed = request.delivery().streamed();
    try {
      Generation generation = generate(http, request);
      AnswerForm answer = form.apply(generation);
      return streamed
          ? express.events(generation.readyAt(), answer.events().get())
          : express.json(200, answer.whole().get(), generation.end());
    } catch (PromptTooLong tooLong) {
      return tooLong.reply(express, streamed);
    }
  }

  /**
   * Loads the model and creates its answer.
   *
   * @throws Refusal if LM Studio would refuse the request
   * @throws PromptTooLong if the prompt fills the context of the model
   */
  Generation generate(SimulatorRequest http, CheckedRequest request) {
    Optional<String> text = SimulatorHeaders.answer(http);
    SimulatedModel chosen = new ModelChoice(settings, loaded).choose(request.model(), true, now);
    Duration ready = Duration.between(now, loaded.load(chosen, now));
    SimulatedModel model = loaded.asLoaded(chosen);
    if (request.promptTokens() >= model.contextLength()) {
      throw new PromptTooLong(request.promptTokens(), model, settings.version(), ready);
    }
    RandomGenerator random = random(request, model);
    Drafter drafter = new Drafter(request, model, settings.version(), random);
    Draft draft = request.isChat() ? drafter.chat(text) : drafter.completion(text);
    String id = id(request.isChat() ? "chatcmpl-" : "cmpl-", random);
    return new Generation(draft, request, model, id, now, ready, settings);
  }

  /** Returns random numbers that are equal for an equal question, model and seed. */
  private RandomGenerator random(CheckedRequest request, SimulatedModel model) {
    long seed = request.body().number("seed").orElse(settings.seed());
    return new SplittableRandom(
        Seed.of(Long.toString(seed), model.id(), request.body().question()));
  }

  private static String id(String prefix, RandomGenerator random) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < ID_CHARACTERS; i++) {
      id.append(Character.forDigit(random.nextInt(ID_RADIX), ID_RADIX));
    }
    return id.toString();
  }
}
