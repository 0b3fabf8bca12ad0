package ee.lmstudio.http.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Valid requests to every endpoint of both APIs, from which the fuzzed ones are made. */
final class RequestCorpus {
  private static final Path CASES = Path.of("src", "test", "resources", "cases");
  private static final String OWN = "/" + Api.ROOT;
  private static final String TOOL =
      "{\"type\":\"function\",\"function\":{\"name\":\"now\",\"description\":\"The time\","
          + "\"parameters\":{\"type\":\"object\",\"properties\":{\"zone\":{\"type\":\"string\"}}}}}";
  private static final String PIXEL =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAW"
          + "jR9awAAAABJRU5ErkJggg==";

  /** Fields that infer and the chat of OpenAI's API have in common. */
  private static final List<String> CHATS =
      List.of(
          "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          "{\"model\":\"sim-chat\",\"stream\":true,\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,"
              + "\"min_p\":0.1,\"max_tokens\":16,\"presence_penalty\":0.1,\"frequency_penalty\":-0.1,"
              + "\"repeat_penalty\":1.1,\"seed\":7,\"stop\":[\"a\",\"b\"],\"messages\":[{\"role\":\"system\",\"content\":\"Short\"},{\"role\":\"user\",\"content\":\"Hello"
              + " \\ud83d\\ude00\"}]}",
          "{\"stream\":false,\"tools\":["
              + TOOL
              + "],\"tool_choice\":\"auto\",\"parallel_tool_calls\":"
              + "true,\"messages\":[{\"role\":\"user\",\"content\":\"Time?\"},{\"role\":\"assistant\","
              + "\"content\":null,\"tool_calls\":[{\"id\":\"7\",\"type\":\"function\",\"function\":{\"name\":"
              + "\"now\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"7\",\"content\":\"noon\"}]}",
          "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\"}"
              + ",{\"type\":\"image_url\",\"image_url\":{\"url\":\""
              + PIXEL
              + "\"}}]}]}",
          "{\"stream\":false,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
              + "\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},"
              + "\"required\":[\"a\"]}}},\"messages\":[{\"role\":\"developer\",\"content\":\"a\"},"
              + "{\"role\":\"user\",\"content\":\"b\"}]}",
          "{\"model\":\"sim-chat\",\"logprobs\":true,\"top_logprobs\":2,\"user\":\"u\",\"metadata\":{\"a\":\"b\"},"
              + "\"logit_bias\":{\"15\":-1},\"reasoning_effort\":\"low\",\"ttl\":60,\"draft_model\":\"d\","
              + "\"max_completion_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");

  private static final String COMPLETION =
      "{\"model\":\"sim-chat\",\"prompt\":\"Once\",\"suffix\":\"end\",\"max_tokens\":8,\"stream\":%s}";
  private static final String RELAYED =
      "{\"model\":\"m\",\"input\":[1.50,\"\\u00e4\",{\"role\":\"user\"}],\"metadata\":{},\"stream\":%s}";

  private static final String FORM =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
          + "Content-Type: audio/wav\r\n\r\nRIFF\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"temperature\"\r\n\r\n0.5\r\n--b--\r\n";

  private static final List<FuzzedRequest> ALL = all();

  private RequestCorpus() {}

  /** Returns a copy of one of the requests. */
  static FuzzedRequest choose(Random random) {
    FuzzedRequest chosen = ALL.get(random.nextInt(ALL.size()));
    FuzzedRequest copy = new FuzzedRequest(chosen.method, chosen.target, "");
    copy.headers.addAll(chosen.headers);
    copy.body = chosen.body.clone();
    return copy;
  }

  private static List<FuzzedRequest> all() {
    List<FuzzedRequest> all = new ArrayList<>();
    for (String chat : CHATS) {
      post(all, OWN + "infer", chat);
      post(all, "/v1/chat/completions", chat);
    }
    post(
        all,
        OWN + "infer",
        "{\"prompt\":\"Once\",\"suffix\":\"end\",\"extra\":{\"n\":1,\"x\":[2]}}");
    post(
        all,
        "/v1/embeddings",
        "{\"model\":\"text-embedding-sim\",\"input\":[\"a\",\"b\"],\"dimensions\":3}");
    post(all, "/v1/embeddings", "{\"input\":\"a\",\"encoding_format\":\"base64\",\"user\":\"u\"}");
    post(all, "/v1/audio/speech", "{\"input\":\"a\",\"voice\":\"v\",\"speed\":1.5}");
    post(all, "/v1/images/generations", "{\"prompt\":\"a\",\"n\":1,\"size\":\"64x64\"}");
    for (String audio : List.of("transcriptions", "translations")) {
      for (int i = 0; i < 6; i++) {
        FuzzedRequest form = new FuzzedRequest("POST", "/v1/audio/" + audio, FORM);
        form.headers.clear();
        form.headers.add(Map.entry("Content-Type", "multipart/form-data; boundary=b"));
        all.add(form);
      }
    }
    for (String stream : List.of("true", "false")) {
      post(all, OWN + "infer", COMPLETION.formatted(stream));
      post(all, "/v1/completions", COMPLETION.formatted(stream));
      for (String relayed : List.of("responses", "messages", "decisions", "rerank/listed")) {
        post(all, "/v1/" + relayed, RELAYED.formatted(stream));
      }
    }
    for (String request : recorded()) {
      post(all, request.contains("\"input\"") ? "/v1/embeddings" : "/v1/chat/completions", request);
      post(all, OWN + "infer", request);
    }
    for (String target :
        List.of(
            OWN + "streams",
            OWN + "streams/STREAM",
            OWN + "streams/STREAM?cursor=1",
            OWN + "models?owned_by=a&status=loaded&limit=1&cursor=a",
            OWN + "health",
            "/v1/streams/STREAM",
            "/v1/streams/STREAM?cursor=1",
            "/v1/models",
            "/v1/models/sim-chat",
            "/v1/responses/resp_1")) {
      all.add(new FuzzedRequest("GET", target, ""));
    }
    all.add(new FuzzedRequest("DELETE", OWN + "streams/STREAM", ""));
    all.add(new FuzzedRequest("DELETE", "/v1/streams/STREAM", ""));
    all.add(new FuzzedRequest("DELETE", "/v1/responses/resp_1", ""));
    all.add(new FuzzedRequest("POST", "/v1/responses/resp_1/cancel", ""));
    return List.copyOf(all);
  }

  /** Each POST accepts what it answers by default, an event stream, or JSON. */
  private static void post(List<FuzzedRequest> all, String target, String body) {
    for (String accept : List.of("", "text/event-stream", "application/json")) {
      FuzzedRequest request = new FuzzedRequest("POST", target, body);
      if (!accept.isEmpty()) {
        request.headers.add(Map.entry("Accept", accept));
      }
      all.add(request);
    }
  }

  /** The requests of clients that were reported somewhere. */
  private static List<String> recorded() {
    try (Stream<Path> files = Files.walk(CASES)) {
      List<String> bodies = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().matches("request.*\\.json")) {
          bodies.add(Files.readString(file));
        }
      }
      return bodies;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
