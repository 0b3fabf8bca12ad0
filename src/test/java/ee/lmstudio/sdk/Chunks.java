package ee.lmstudio.sdk;

import jakarta.json.Json;

/** Frames of a stream as LM Studio writes them, with no more than what matters. */
public final class Chunks {
  public static final String DONE = "data: [DONE]\n\n";

  private Chunks() {}

  public static String delta(String json) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":" + json + ",\"finish_reason\":null}]}\n\n";
  }

  public static String text(String text) {
    return delta(Json.createObjectBuilder().add("content", text).build().toString());
  }

  public static String finish(String reason) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}\n\n"
        .formatted(reason);
  }

  public static String end() {
    return finish("stop") + DONE;
  }

  /** Two vectors, as answers to texts may come: in any order. */
  static String vectors(String model) {
    return """
    {"object":"list","model":"%s","usage":{"prompt_tokens":0,"total_tokens":0},"data":[
      {"object":"embedding","index":1,"embedding":[0.5,-1]},
      {"object":"embedding","index":0,"embedding":[0.25,1e-3]}]}
    """
        .formatted(model);
  }

  /** A whole answer. */
  public static String whole(String text) {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},"
            .formatted(text)
        + "\"finish_reason\":\"stop\"}]}";
  }
}
