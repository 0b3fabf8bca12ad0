package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A client of the HTTP contract, and the LM Studio behind it. */
public final class Api {
  /** How long a test waits for what must happen. */
  public static final Duration LIMIT = Duration.ofSeconds(30);

  public static final String ROOT = "api/v1/ai/lmstudio/";

  /** The token of an admin besides {@link PayaraServer#ADMIN}. */
  public static final String SECOND_ADMIN = "ops-token";

  public static final String TOKENS =
      "alice:%s,bob:%s,root:%s:admin,crowd-0:crowd-0-token,crowd-1:crowd-1-token,"
              .formatted(PayaraServer.ALICE, PayaraServer.BOB, PayaraServer.ADMIN)
          + "crowd-2:crowd-2-token,crowd-3:crowd-3-token,busy:busy-token,ops:%s:admin"
              .formatted(SECOND_ADMIN);

  /** The form of the sign-in page, up to the token. */
  public static final String SIGN_IN =
      "login=login&login%3Asubmit=1&jakarta.faces.ViewState=stateless&login%3Atoken=";

  public static final String EVENTS = "text/event-stream";
  public static final String JSON = "application/json";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final PayaraServer server;
  private final ContractServer.Shared shared;

  Api(PayaraServer server, ContractServer.Shared shared) {
    this.server = server;
    this.shared = shared;
  }

  public PayaraServer server() {
    return server;
  }

  public SocketSimulator lmStudio() {
    return shared.lmStudio();
  }

  ContractServer.Shared shared() {
    return shared;
  }

  /** LM Studio answers the next chat so. */
  public Api chatAnswers(Script script) {
    lmStudio().enqueue("/v1/chat/completions", script);
    return this;
  }

  /** LM Studio answers the next chat with these frames. */
  public Api chatStreams(String... frames) {
    return chatAnswers(Script.respondWithEvents(String.join("", frames)));
  }

  /** A request of Alice's to a path below the API. */
  public HttpRequest.Builder request(String path) {
    return as(PayaraServer.ALICE, path);
  }

  public HttpRequest.Builder as(String token, String path) {
    return anonymous(ROOT + path).header("Authorization", "Bearer " + token);
  }

  /** A request to a path below the context root. */
  public HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(server.url(path)).timeout(LIMIT);
  }

  /** A chat with one question and more fields, such as {@code "model":"m"}. */
  public static String chat(String... fields) {
    String more = fields.length == 0 ? "" : "," + String.join(",", fields);
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]" + more + "}";
  }

  /** A request to infer as the body says. */
  public HttpRequest infer(String accept, String body) {
    return inferAs(PayaraServer.ALICE, accept, body);
  }

  public HttpRequest inferAs(String token, String accept, String body) {
    return as(token, "infer")
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return send(request.build());
  }

  public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
    return CLIENT.sendAsync(request, BodyHandlers.ofString());
  }

  /** Sends and reads the answer as it comes. */
  public Listening listen(HttpRequest request) throws IOException, InterruptedException {
    return new Listening(CLIENT.send(request, BodyHandlers.ofInputStream()));
  }

  /** A listener of a stream that runs or has ended; {@code after} empty: from its beginning. */
  public Listening attach(String id, String after) throws IOException, InterruptedException {
    HttpRequest.Builder request = request("streams/" + id).header("Accept", EVENTS);
    if (!after.isEmpty()) {
      request.header("Last-Event-ID", after);
    }
    return listen(request.build());
  }

  /** Begins a chat that nobody listens to yet; its id. */
  public String begin(String token, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = send(inferAs(token, JSON, body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return data(response).getString("stream_id");
  }

  /** The stream's state, as Alice reads it. */
  public JsonObject state(String id) throws IOException, InterruptedException {
    HttpResponse<String> response = send(request("streams/" + id));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return data(response);
  }

  public static JsonObject json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  /** The whole answer, whose envelope has the form of a success. */
  public static JsonObject success(HttpResponse<String> response) {
    JsonObject envelope = envelope(response);
    assertThat(envelope.keySet()).isEqualTo(Set.of("status", "data", "meta"));
    assertThat(envelope.getString("status")).isEqualTo("success");
    return envelope;
  }

  public static JsonObject data(HttpResponse<String> response) {
    return success(response).getJsonObject("data");
  }

  /** The error of an answer whose envelope has the form of one. */
  public static JsonObject error(HttpResponse<String> response) {
    JsonObject envelope = envelope(response);
    assertThat(envelope.keySet()).isEqualTo(Set.of("status", "error", "meta"));
    assertThat(envelope.getString("status")).isEqualTo("error");
    JsonObject error = envelope.getJsonObject("error");
    assertThat(error.getString("message")).isNotBlank();
    assertThat(error.getString("hint")).isNotBlank();
    assertThat(Set.of("code", "message", "hint", "details")).containsAll(error.keySet());
    return error;
  }

  private static JsonObject envelope(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .as(response.body())
        .startsWith(JSON);
    JsonObject envelope = json(response.body());
    assertThat(response.headers().allValues("X-Request-Id"))
        .containsExactly(envelope.getJsonObject("meta").getString("request_id"));
    return envelope;
  }

  /** The error's code, whose answer has this status. */
  public static String code(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return error(response).getString("code");
  }

  /** The fields that the error's details name. */
  public static List<String> wrongFields(HttpResponse<String> response) {
    return error(response).getJsonArray("details").getValuesAs(JsonObject.class).stream()
        .map(detail -> detail.getString("field"))
        .toList();
  }

  public static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  public URI url(String path) {
    return server.url(ROOT + path);
  }

  /** Alice's stream of this model, as listed, as soon as it is. */
  public JsonObject awaitStream(String model) throws IOException, InterruptedException {
    for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() - end < 0; ) {
      for (JsonObject stream :
          success(send(request("streams"))).getJsonArray("data").getValuesAs(JsonObject.class)) {
        if (stream.getString("model_id", "").equals(model)) {
          return stream;
        }
      }
    }
    throw new AssertionError("No stream of model " + model + " within " + LIMIT);
  }
}
