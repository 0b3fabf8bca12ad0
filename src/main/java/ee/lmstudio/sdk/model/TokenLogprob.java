package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Holds the log probability of one token.
 *
 * @param token text of the token
 * @param logprob logarithm of its probability; NaN if LM Studio does not send it
 * @param top other likely tokens at this position; empty unless requested
 */
public record TokenLogprob(String token, double logprob, List<TokenLogprob> top) {
  /** Checks that nothing is null, and copies the collections. */
  public TokenLogprob {
    Objects.requireNonNull(token, "token");
    top = List.copyOf(top);
  }

  /** Returns all tokens of {@code logprobs}, in the form of a chat or of a completion. */
  static List<TokenLogprob> all(JsonObject logprobs) {
    return logprobs.get("content") instanceof JsonArray content
        ? ofChat(content)
        : ofText(logprobs);
  }

  private static List<TokenLogprob> ofChat(JsonArray tokens) {
    List<TokenLogprob> all = new ArrayList<>();
    for (JsonValue value : tokens) {
      if (value instanceof JsonObject token) {
        List<TokenLogprob> top =
            token.get("top_logprobs") instanceof JsonArray others ? ofChat(others) : List.of();
        String text = JsonText.string(token, "token").orElse("");
        all.add(new TokenLogprob(text, number(token.get("logprob")), top));
      }
    }
    return all;
  }

  /** Reads the form of a completion: three lists with the same indexes. */
  private static List<TokenLogprob> ofText(JsonObject logprobs) {
    List<TokenLogprob> all = new ArrayList<>();
    JsonArray tokens = array(logprobs, "tokens");
    for (int i = 0; i < tokens.size(); i++) {
      List<TokenLogprob> top = new ArrayList<>();
      if (at(logprobs, "top_logprobs", i) instanceof JsonObject others) {
        others.forEach((text, value) -> top.add(new TokenLogprob(text, number(value), List.of())));
      }
      String token = tokens.get(i) instanceof JsonString text ? text.getString() : "";
      all.add(new TokenLogprob(token, number(at(logprobs, "token_logprobs", i)), top));
    }
    return all;
  }

  private static JsonArray array(JsonObject from, String name) {
    return from.get(name) instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
  }

  private static JsonValue at(JsonObject from, String name, int index) {
    JsonArray all = array(from, name);
    return index < all.size() ? all.get(index) : JsonValue.NULL;
  }

  private static double number(JsonValue value) {
    return value instanceof JsonNumber number ? number.doubleValue() : Double.NaN;
  }

  /** Returns the number only, because the text may be private. */
  @Override
  public String toString() {
    return "TokenLogprob[" + logprob + "]";
  }
}
