package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.ROOT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The packaged server with a small heap, an LM Studio behind it, and its clients. */
final class SmallServer implements AutoCloseable {
  /** The text of one entry of {@link #longStream}, which has {@link #PIECES} of them: 15 MB. */
  static final String PIECE = "0123456789abcdef".repeat(4096);

  static final int PIECES = 15 * 16;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final SocketSimulator lmStudio;
  private final Bundle bundle;

  private SmallServer(SocketSimulator lmStudio, Bundle bundle) {
    this.lmStudio = lmStudio;
    this.bundle = bundle;
  }

  /** Starts it with these variables besides LM Studio's address. */
  static SmallServer start(Map<String, String> environment) throws Exception {
    SocketSimulator lmStudio =
        SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    Map<String, String> all = new HashMap<>(environment);
    all.put("LM_STUDIO_BASE_URL", lmStudio.url().toString());
    return new SmallServer(lmStudio, Bundle.startSmall(all));
  }

  @Override
  public void close() {
    bundle.close();
    lmStudio.close();
  }

  long pid() {
    return bundle.pid();
  }

  /** Lets the server load what ordinary requests need. */
  void warmUp(int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      get(PayaraServer.BOB, "models");
      get(PayaraServer.ALICE, "streams");
    }
  }

  /** Starts a stream of Alice's with a long text, and returns its id when it has ended. */
  String longStream() throws Exception {
    StringBuilder frames = new StringBuilder();
    for (int i = 0; i < PIECES; i++) {
      frames.append(Chunks.text(PIECE));
    }
    lmStudio.enqueue(
        "/v1/chat/completions", Script.respondWithEvents(frames.append(Chunks.end()).toString()));
    HttpResponse<String> begun =
        send(
            request(PayaraServer.ALICE, "infer")
                .header("Content-Type", JSON)
                .header("Accept", JSON)
                .POST(BodyPublishers.ofString(chat("\"model\":\"m\""))));
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = Api.data(begun).getString("stream_id");
    long end = System.nanoTime() + Api.LIMIT.toNanos();
    while (!status(id).equals("completed")) {
      assertThat(System.nanoTime()).as(status(id)).isLessThan(end);
    }
    return id;
  }

  private String status(String id) throws Exception {
    HttpResponse<String> list = get(PayaraServer.ALICE, "streams");
    return Api.success(list).getJsonArray("data").getValuesAs(JsonObject.class).stream()
        .filter(stream -> stream.getString("stream_id").equals(id))
        .findFirst()
        .orElseThrow()
        .getString("status");
  }

  HttpResponse<String> live() throws Exception {
    return send(HttpRequest.newBuilder(bundle.url("health/live")).timeout(Duration.ofSeconds(10)));
  }

  HttpResponse<String> get(String token, String path) throws Exception {
    return send(request(token, path));
  }

  HttpRequest.Builder request(String token, String path) {
    return HttpRequest.newBuilder(bundle.url(ROOT + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Returns the bytes of a request of Alice's. */
  static String bytes(String path, String accept) {
    return "GET /%s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
        .formatted(ROOT, path, PayaraServer.ALICE, accept);
  }

  /** Opens a connection with little room for answers, and sends these bytes. */
  Socket open(String bytes) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(4 * 1024);
      socket.setSoTimeout((int) Api.LIMIT.toMillis());
      socket.connect(new InetSocketAddress("127.0.0.1", bundle.port()));
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The answer on this connection has begun; it is not read further. */
  static void assertAnswered(Socket socket) throws IOException {
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
  }
}
