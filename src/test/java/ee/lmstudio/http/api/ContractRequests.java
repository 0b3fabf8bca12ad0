package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.http.api.ContractCheck.Answer;
import ee.lmstudio.server.PayaraServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A valid request for each operation of the OpenAPI document. */
final class ContractRequests {
  static final String API = "/api/v1/ai/lmstudio/";
  static final String FORM = "application/x-www-form-urlencoded";
  static final String WITH_FILE = "multipart/form-data; boundary=b";

  private static final String CHAT =
      "{\"model\":\"sim-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

  /**
   * A request.
   *
   * @param body empty if the operation has none
   * @param lmStudio the path of LM Studio that the operation calls; empty if there is none, or
   *     several
   */
  record Sample(String operation, String token, String body, String lmStudio) {
    String method() {
      return operation.substring(0, operation.indexOf(' '));
    }

    /** The path below the context root. */
    String path() {
      return operation.substring(operation.indexOf('/') + 1);
    }

    boolean isForm() {
      return body.startsWith("login=");
    }

    String contentType() {
      return isForm() ? FORM : body.startsWith("--b") ? WITH_FILE : JSON;
    }
  }

  private static final Map<String, Sample> SAMPLES = samples();

  private final Api api;
  private String streamId = "none";
  private int works;

  ContractRequests(Api api) {
    this.api = api;
  }

  private static Map<String, Sample> samples() {
    String whole = ",\"stream\":false}";
    String instance = "{\"instance_id\":\"sim-chat\"}";
    String model = "{\"model\":\"sim-chat\"}";
    String recording =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nHello\r\n"
            + "--b--";
    String input = "{\"model\":\"sim-chat\",\"input\":\"Hello\"}";
    List<Sample> all =
        List.of(
            alice("POST " + API + "infer", CHAT + whole, "/v1/chat/completions"),
            alice("GET " + API + "streams", "", ""),
            alice("GET " + API + "streams/{id}", "", ""),
            alice("DELETE " + API + "streams/{id}", "", ""),
            alice("GET " + API + "models", "", ""),
            alice("GET " + API + "health", "", ""),
            admin("load", model),
            admin("unload", instance),
            admin("download", model),
            alice("GET /v1/models", "", ""),
            alice("GET /v1/models/{id}", "", ""),
            alice("POST /v1/chat/completions", CHAT + whole, "/v1/chat/completions"),
            alice("POST /v1/completions", "{\"prompt\":\"Once\"}", "/v1/completions"),
            alice(
                "POST /v1/embeddings",
                input.replace("sim-chat", "text-embedding-sim"),
                "/v1/embeddings"),
            alice("POST /v1/audio/transcriptions", recording, ""),
            alice("POST /v1/audio/translations", recording, ""),
            alice("POST /v1/audio/speech", "{\"input\":\"Hello\"}", ""),
            alice("POST /v1/images/generations", "{\"prompt\":\"Hello\"}", ""),
            alice("POST /v1/responses", input, "/v1/responses"),
            alice("POST /v1/messages", input, "/v1/messages"),
            alice("POST /v1/decisions", input, "/v1/decisions"),
            stored("GET /v1/responses/{id}", "", "/v1/responses/resp_1"),
            stored("DELETE /v1/responses/{id}", "", "/v1/responses/resp_1"),
            stored("POST /v1/responses/{id}/cancel", "", "/v1/responses/resp_1/cancel"),
            alice("GET /v1/streams/{id}", "", ""),
            alice("DELETE /v1/streams/{id}", "", ""),
            alice("GET /health", "", ""),
            alice("GET /health/live", "", ""),
            alice("GET /health/ready", "", ""),
            alice("GET /health/started", "", ""),
            alice("GET /metrics", "", ""),
            alice("GET /openapi", "", ""),
            alice("GET /login", "", ""),
            alice("POST /login", Api.SIGN_IN + PayaraServer.ALICE, ""),
            alice("GET /ai/lmstudio/demo", "", ""),
            alice("POST /logout", "", ""));
    return new TreeMap<>(all.stream().collect(Collectors.toMap(Sample::operation, one -> one)));
  }

  private static Sample alice(String operation, String body, String lmStudio) {
    return new Sample(operation, PayaraServer.ALICE, body, lmStudio);
  }

  /**
   * Returns a request for a stored response, which an admin sends because admins reach all of them.
   */
  private static Sample stored(String operation, String body, String lmStudio) {
    return new Sample(operation, PayaraServer.ADMIN, body, lmStudio);
  }

  private static Sample admin(String work, String body) {
    return new Sample(
        "POST " + API + "models/" + work, PayaraServer.ADMIN, body, "/api/v1/models/" + work);
  }

  static Map<String, Sample> all() {
    return SAMPLES;
  }

  /** From now on, the stream of the requests is this one. */
  void useStream(String id) {
    streamId = id;
  }

  /** A request without a token. */
  HttpRequest.Builder anonymous(String operation) {
    return anonymous(operation, SAMPLES.get(operation).body());
  }

  private HttpRequest.Builder anonymous(String operation, String body) {
    Sample sample = SAMPLES.get(operation);
    String path = sample.path();
    String id =
        path.contains("streams/") ? streamId : path.contains("models/") ? "sim-chat" : "resp_1";
    HttpRequest.Builder request =
        api.anonymous(path.replace("{id}", id))
            .method(
                sample.method(),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return body.isEmpty() ? request : request.header("Content-Type", sample.contentType());
  }

  /**
   * A valid request of a caller who may send it. It is the first one for its model, because equal
   * requests for work on a model share a stream.
   */
  HttpRequest.Builder valid(String operation) {
    String body = SAMPLES.get(operation).body();
    boolean work = operation.contains("/models/") && !body.isEmpty();
    return with(operation, work ? body.replace("sim-chat", "model-" + ++works) : body);
  }

  /** The same with another body. */
  HttpRequest.Builder with(String operation, String body) {
    HttpRequest.Builder request = anonymous(operation, body);
    return SAMPLES.get(operation).isForm()
        ? request
        : request.header("Authorization", "Bearer " + SAMPLES.get(operation).token());
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return Answer.of(api.send(request));
  }

  /** Sends the beginning of a body, and waits for the answer. */
  Answer sendHalf(String operation) throws IOException {
    HttpRequest request = valid(operation).build();
    URI url = request.uri();
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout((int) Api.LIMIT.toMillis());
      StringBuilder head = new StringBuilder("POST " + url.getPath() + " HTTP/1.1\r\n");
      head.append("Host: localhost\r\nContent-Length: 99\r\n");
      request.headers().map().forEach((name, values) -> head.append(line(name, values.get(0))));
      socket.getOutputStream().write((head + "\r\n{").getBytes(UTF_8));
      return read(socket.getInputStream());
    }
  }

  private static String line(String name, String value) {
    return name + ": " + value + "\r\n";
  }

  private static Answer read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    head.toString()
        .lines()
        .filter(line -> line.contains(": "))
        .map(line -> line.split(": ", 2))
        .forEach(parts -> headers.put(parts[0], List.of(parts[1])));
    int length = Integer.parseInt(headers.get("Content-Length").get(0));
    String body = new String(in.readNBytes(length), UTF_8);
    int status = Integer.parseInt(head.substring(9, 12));
    return new Answer(status, HttpHeaders.of(headers, (name, value) -> true), body);
  }
}
