package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;

/**
 * A draft, and all that its answer says beside the text.
 *
 * @param draft what the model wrote
 * @param request what was asked
 * @param model who wrote it
 * @param id {@code chatcmpl-…} or {@code cmpl-…}
 * @param created when the request arrived
 * @param readyAt how long after that the model is loaded
 * @param settings version and speed
 */
record Generation(
    Draft draft,
    GenerationRequest request,
    SimulatedModel model,
    String id,
    Instant created,
    Duration readyAt,
    SimulatorSettings settings) {

  SimulatedVersion version() {
    return settings.version();
  }

  /** When token number {@code index} goes out, counted from 0. */
  Duration at(int index) {
    return readyAt.plus(settings.speed().until(index));
  }

  /** When the last token is written. */
  Duration end() {
    return at(completionTokens());
  }

  /** The end of the text is a token too, which 0.4 counts. */
  int completionTokens() {
    boolean ended =
        draft.ending() == Draft.Ending.DONE || draft.ending() == Draft.Ending.STOP_STRING;
    return draft.writtenTokens() + (ended && version().isCurrent() ? 1 : 0);
  }

  JsonObject usage() {
    int prompt = request.promptTokens();
    JsonObjectBuilder usage =
        JSON.createObjectBuilder()
            .add("prompt_tokens", prompt)
            .add("completion_tokens", completionTokens())
            .add("total_tokens", prompt + completionTokens());
    if (version().isCurrent()) {
      usage.add(
          "completion_tokens_details",
          JSON.createObjectBuilder().add("reasoning_tokens", draft.reasoning().size()));
    }
    return usage.build();
  }
}
