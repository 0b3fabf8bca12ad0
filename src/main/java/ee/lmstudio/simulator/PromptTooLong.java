package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.quoted;

import java.time.Duration;
import java.util.List;

/** Thrown for a prompt that fills the context of the model, which is loaded by then. */
final class PromptTooLong extends RuntimeException {
  private final transient SimulatedModel model;
  private final transient Duration readyAt;

  PromptTooLong(
      int promptTokens, SimulatedModel model, SimulatedVersion version, Duration readyAt) {
    super(message(promptTokens, model.contextLength(), version), null, false, false);
    this.model = model;
    this.readyAt = readyAt;
  }

  private static String message(int promptTokens, int contextLength, SimulatedVersion version) {
    String problem =
        version.isCurrent()
            ? "The number of tokens to keep from the initial prompt is greater than the context"
                + " length (n_keep: %d >= n_ctx: %d). "
            : "Trying to keep the first %d tokens when context the overflows. However, the model"
                + " is loaded with context length of only %d tokens, which is not enough. ";
    return problem.formatted(promptTokens, contextLength)
        + "Try to load the model with a larger context length, or provide a shorter input.";
  }

  SimulatedModel model() {
    return model;
  }

  Duration readyAt() {
    return readyAt;
  }

  /** A plain call gets 400. A stream gets 200 and an error event that repeats the message. */
  SimulatorReply reply(Express express, boolean streamed) {
    if (!streamed) {
      return express.json(400, Refusal.text(400, getMessage()).json(), readyAt);
    }
    String data = "{\"error\":{\"message\":%1$s},\"message\":%1$s}".formatted(quoted(getMessage()));
    String event = EventFrames.named("error", data);
    return express.events(readyAt, List.of(Frame.of(readyAt, event)));
  }
}
