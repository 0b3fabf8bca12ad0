package ee.lmstudio.health;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.run.InferenceStreamed;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.socket.SocketSimulator;
import ee.lmstudio.telemetry.SdkCallCompleted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that warms itself before it is ready. */
@Timeout(180)
class WarmUpIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String API = "api/v1/ai/lmstudio/";

  private static HttpResponse<String> get(URI url) throws Exception {
    return send(HttpRequest.newBuilder(url));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(
        request.header("Authorization", "Bearer " + PayaraServer.ADMIN).build(),
        BodyHandlers.ofString());
  }

  /** Waits for the port, which the door opens first, and then for the application. */
  private static HttpResponse<String> firstPage(Bundle server) throws Exception {
    while (true) {
      try {
        HttpResponse<String> page = get(server.url("login"));
        if (page.statusCode() != 503) {
          return page;
        }
      } catch (ConnectException notOpen) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whileWarming_pagesAreServed_andTheApiIsNotReady() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(SimulatorSettings.defaults());
        Bundle server =
            Bundle.start(
                Bundle.JAR,
                Map.of(
                    "LM_STUDIO_WARM_UP",
                    "60s",
                    "LM_STUDIO_BASE_URL",
                    lmStudio.url().toString(),
                    "LM_STUDIO_API_KEY",
                    "unused",
                    "LM_STUDIO_ACCESS_TOKENS",
                    "root:" + PayaraServer.ADMIN + ":admin"))) {
      assertThat(firstPage(server).statusCode()).isEqualTo(200);

      HttpResponse<String> models = get(server.url(API + "models"));
      assertThat(models.statusCode()).isEqualTo(503);
      assertThat(models.headers().firstValue("Retry-After")).hasValue("1");
      HttpResponse<String> ready = get(server.url("health/ready"));
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("{\"name\":\"warm-up\",\"status\":\"DOWN\"");
      assertThat(get(server.url("health/live")).statusCode()).isEqualTo(200);

      server.signal("TERM");
      assertThat(server.awaitReady()).as("the output ends").isFalse();
      assertThat(server.awaitExit()).isEqualTo(143);
      assertThat(lmStudio.generationsPosted()).isZero();
    }
  }

  /** Counts the CDI events that an application would see. */
  @ApplicationScoped
  public static class Events {
    private final AtomicInteger seen = new AtomicInteger();

    void streamed(@Observes InferenceStreamed event) {
      seen.incrementAndGet();
    }

    void called(@Observes SdkCallCompleted event) {
      seen.incrementAndGet();
    }
  }

  /** Shows the number of events. */
  @WebServlet("/events-seen")
  public static class EventsServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    @Inject transient Events events;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print(events.seen.get());
    }
  }

  @Test
  void afterwards_theServerIsReady_andNothingIsLeft() throws Exception {
    try (SocketSimulator lmStudio = SocketSimulator.start(SimulatorSettings.defaults());
        PayaraServer server =
            PayaraServer.builder()
                .config("lm-studio.warm-up", "2s")
                .config("lm-studio.rate-limit", "1")
                .config("lm-studio.max-streams", "1")
                .config("lm-studio.simulator", "false")
                .config("lm-studio.base-url", lmStudio.url().toString())
                .testClasses(WarmUpIT.class, Events.class, EventsServlet.class)
                .start()) {
      HttpResponse<String> ready = get(server.url("health/ready"));
      while (ready.statusCode() == 503) {
        ready = get(server.url("health/ready"));
      }
      assertThat(ready.body()).contains("{\"name\":\"warm-up\",\"status\":\"UP\"");
      assertThat(server.log())
          .containsPattern("warmed itself in \\d+ ms with [1-9]\\d* requests")
          .doesNotContain("of which");

      assertThat(lmStudio.generationsPosted()).isZero();
      assertThat(get(server.url("events-seen")).body()).isEqualTo("0");
      assertThat(get(server.url(API + "streams")).body()).contains("\"data\":[]");
      assertThat(get(server.url("metrics")).body()).doesNotContain("(warm-up)");

      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(server.url(API + "infer"))
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}")));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(lmStudio.generationsPosted()).isEqualTo(1);
    }
  }
}
