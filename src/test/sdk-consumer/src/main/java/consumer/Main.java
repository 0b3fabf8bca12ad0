package consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ModelFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Uses the SDK as somebody else would: one dependency, no container. It streams a chat, and lists
 * models.
 */
public final class Main {
  private static final List<String> PIECES = List.of("Hello", " from", " here");

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    server.createContext("/v1/chat/completions", Main::answer);
    server.createContext("/v1/models", Main::models);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/";
    StringBuilder streamed = new StringBuilder();
    try (LmStudio lmStudio = LmStudio.connect(LmStudioSettings.at(url))) {
      Completion answer =
          lmStudio.createChatCompletion(
              ChatRequest.of("any-model", "Hello!"),
              new StreamObserver() {
                @Override
                public void onDelta(Delta delta) {
                  streamed.append('[').append(delta.content()).append(']');
                }
              });
      require(streamed.toString(), "[Hello][ from][ here]");
      require(answer.content(), "Hello from here");
      require(answer.finishReason(), "stop");
      require(String.valueOf(answer.downgraded()), "false");
      require(lmStudio.listModels(ModelFilter.ALL).models().get(0).id(), "any-model");
    } finally {
      server.stop(0);
    }
    System.out.println("consumer: streamed " + streamed);
  }

  private static void require(String got, String wanted) {
    if (!got.equals(wanted)) {
      throw new IllegalStateException("Got '" + got + "', wanted '" + wanted + "'");
    }
  }

  /** What LM Studio would send. */
  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String piece : PIECES) {
        send(out, "{\"choices\":[{\"delta\":{\"content\":\"" + piece + "\"}}]}");
      }
      send(out, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
      send(out, "[DONE]");
    }
  }

  private static void models(HttpExchange exchange) throws IOException {
    byte[] body = "{\"data\":[{\"id\":\"any-model\"}]}".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void send(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
