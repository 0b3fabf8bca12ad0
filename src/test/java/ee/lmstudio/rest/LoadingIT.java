package ee.lmstudio.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.payara.PayaraServer;
import ee.lmstudio.payara.SharedServer;
import ee.lmstudio.rest.EventText.Event;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A model that loads for eight seconds before it says anything. */
@ExtendWith(SharedServer.class)
class LoadingIT {
  @Test
  @Timeout(60)
  void modelLoads_listenersAreTold(PayaraServer server) throws Exception {
    HttpRequest ask =
        HttpRequest.newBuilder(server.url(Api.ROOT + "infer"))
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .header("Content-Type", Api.JSON)
            .header("Accept", Api.EVENTS)
            .POST(BodyPublishers.ofString(Api.chat("\"model\":\"sim-slow\"", "\"max_tokens\":3")))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<Event> events = EventText.events(client.send(ask, BodyHandlers.ofString()).body());
      assertThat(EventText.names(events))
          .startsWith("started", "progress")
          .contains("delta")
          .endsWith("completed");
      assertThat(events.get(1).text("phase")).isEqualTo("loading_model");
      EventText.assertWithoutGaps(events);
    }
  }
}
