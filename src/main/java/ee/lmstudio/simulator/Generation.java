package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;

/**
 * A draft together with the other data of its answer.
 *
 * @param draft the content of the answer
 * @param request the request
 * @param model the model that answers
 * @param id {@code chatcmpl-…} or {@code cmpl-…}
 * @param created when the request arrived
 * @param readyAt how long after that the model is loaded
 * @param settings version and speed
 */
record Generation(
    Draft draft,
    CheckedRequest request,
    SimulatedModel model,
    String id,
    Instant created,
    Duration readyAt,
    SimulatorSettings settings) {

  SimulatedVersion version() {
    return settings.version();
  }

  /** Returns {@code prefix} and the characters of the id, for the ids of the answer's parts. */
  String partId(String prefix) {
    return prefix + id.substring(id.indexOf('-') + 1);
  }

  String reasoning() {
    return String.join("", draft.reasoning());
  }

  String text() {
    return String.join("", draft.content());
  }

  /** Returns the time of token {@code index}, counted from 0. */
  Duration at(int index) {
    return readyAt.plus(settings.speed().until(index));
  }

  /** Returns the time of the last token. */
  Duration end() {
    return at(completionTokens());
  }

  /** Returns the number of generated tokens. Version 0.4 counts the end of the text as a token. */
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
