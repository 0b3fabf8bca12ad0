package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.quoted;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Answers one chat or completion. Used by one thread. */
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
    return answer(http, request, true);
  }

  SimulatorReply completion(SimulatorRequest http) {
    CheckedRequest request = CheckedRequest.completion(JsonBody.of(http));
    return answer(http, request, false);
  }

  private SimulatorReply answer(SimulatorRequest http, CheckedRequest request, boolean chat) {
    Optional<String> text = SimulatorHeaders.answer(http);
    SimulatedModel model = new ModelChoice(settings, loaded).choose(request.model(), true, now);
    Duration ready = Duration.between(now, loaded.load(model, now));
    if (request.promptTokens() >= model.contextLength()) {
      return overflow(request, model, ready);
    }
    RandomGenerator random = random(request, model);
    Drafter drafter = new Drafter(request, model, settings.version(), random);
    Draft draft = chat ? drafter.chat(text) : drafter.completion(text);
    String id = id(chat ? "chatcmpl-" : "cmpl-", random);
    Generation generation = new Generation(draft, request, model, id, now, ready, settings);
    if (request.delivery().streamed()) {
      ChunkFormat format = chat ? new ChatChunks(generation) : new CompletionChunks(generation);
      return express.events(ready, new StreamedAnswer(generation, format));
    }
    PlainAnswer plain = new PlainAnswer(generation, http.path().startsWith("/api/v0/"));
    return express.json(200, chat ? plain.chat() : plain.completion(), generation.end());
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

  /** A plain call gets 400. A stream gets 200 and an error event that repeats the message. */
  private SimulatorReply overflow(CheckedRequest request, SimulatedModel model, Duration ready) {
    String message = overflowMessage(request.promptTokens(), model.contextLength());
    if (!request.delivery().streamed()) {
      return express.json(400, Refusal.text(400, message).json(), ready);
    }
    String data = "{\"error\":{\"message\":%1$s},\"message\":%1$s}".formatted(quoted(message));
    String event = "event: error\n" + ChunkFormat.event(data);
    return express.events(ready, List.of(Frame.of(ready, event)));
  }

  private String overflowMessage(int promptTokens, int contextLength) {
    String problem =
        settings.version().isCurrent()
            ? "The number of tokens to keep from the initial prompt is greater than the context"
                + " length (n_keep: %d >= n_ctx: %d). "
            : "Trying to keep the first %d tokens when context the overflows. However, the model"
                + " is loaded with context length of only %d tokens, which is not enough. ";
    return problem.formatted(promptTokens, contextLength)
        + "Try to load the model with a larger context length, or provide a shorter input.";
  }
}
