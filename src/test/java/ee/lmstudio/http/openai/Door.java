package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests to the OpenAI door, and what is in its answers. */
final class Door {
  static final String CHAT = "chat/completions";
  static final String STREAM = "\"stream\":true";

  private Door() {}

  static HttpRequest.Builder at(Api api, String token, String path) {
    return api.anonymous("v1/" + path).header("Authorization", "Bearer " + token);
  }

  static HttpRequest post(Api api, String path, String body, String... headers) {
    HttpRequest.Builder request =
        at(api, PayaraServer.ALICE, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  static HttpResponse<String> chat(Api api, String... fields) throws Exception {
    return api.send(post(api, CHAT, Api.chat(fields)));
  }

  /** The data of every event of a stream. */
  static List<String> data(String stream) {
    List<String> data = new ArrayList<>();
    for (String frame : stream.split("\n\n")) {
      frame
          .lines()
          .filter(line -> line.startsWith("data: "))
          .forEach(l -> data.add(l.substring(6)));
    }
    return data;
  }

  /** A file of the cases from public bug reports. */
  static String text(String name) throws IOException {
    try (InputStream in = Door.class.getResourceAsStream("/cases/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The error of an answer, with all the fields that OpenAI's clients read. */
  static JsonObject error(HttpResponse<String> response) {
    JsonObject error = json(response.body()).getJsonObject("error");
    assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
    return error;
  }

  /** LM Studio answers the next embedding request with a vector of three numbers. */
  static void embeddingAnswers(Api api) {
    api.lmStudio()
        .enqueue(
            "/v1/embeddings",
            Script.respondWithJson(
                200,
                "{\"object\":\"list\",\"model\":\"text-embedding-sim\",\"data\":[{\"index\":0,"
                    + "\"object\":\"embedding\",\"embedding\":[0.25,-1.5,-0.1407836228609085]}]}"));
  }
}
