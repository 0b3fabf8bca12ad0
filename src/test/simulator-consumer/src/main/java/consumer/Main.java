package consumer;

import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Starts the simulator as somebody else's test would, and asks it for a streamed chat. */
public final class Main {
  private static final String CHAT =
      "{\"model\":\"sim-chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";

  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SimulatorSettings settings = SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);
    try (SocketSimulator simulator = SocketSimulator.start(settings);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI chat = simulator.url().resolve("/v1/chat/completions");
      HttpRequest request =
          HttpRequest.newBuilder(chat)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(CHAT))
              .build();
      String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      if (!answer.contains("chat.completion.chunk") || !answer.endsWith("data: [DONE]\n\n")) {
        throw new IllegalStateException("The simulator did not stream a chat: " + answer);
      }
      System.out.println("consumer: the simulator streamed " + answer.length() + " characters");
    }
  }
}
