package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.FaultName;
import ee.lmstudio.simulator.socket.NamedFault;
import ee.lmstudio.simulator.socket.Script;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A key, a prompt and an answer go through the server; nothing that it tells has them. */
@ExtendWith(ContractServer.class)
@Timeout(120)
class LeaksIT {
  private static final String KEY = ContractServer.KEY;
  private static final String PROMPT = "prompt-canary-90be";
  private static final String ANSWER = "answer-canary-c3a8";
  private static final String BODY =
      "{\"model\":\"m\",%s\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";

  /** What is told to operators, and to those who only ask how it goes. */
  private static final List<String> TOLD =
      List.of("health", "health/live", "health/ready", "health/started", "metrics", "openapi");

  @Test
  void everyWayAnAnswerGoes_leavesNoCanary(Api api) throws Exception {
    List<String> told = new ArrayList<>();
    for (FaultName name : FaultName.values()) {
      if (name == FaultName.SILENCE || name == FaultName.STALL) {
        continue; // Waits for a limit of this server, and is an error like the others.
      }
      Script answer = Script.respondWithEvents(Chunks.text(ANSWER) + Chunks.end());
      api.chatAnswers(new NamedFault(name, name.isAtByte() ? 100 : 0).in(answer));
      told.add(errorsOf(api.send(api.infer(EVENTS, BODY.formatted("")))));
    }
    api.chatAnswers(
        Script.respondWithJson(
            401, "{\"error\":{\"message\":\"Malformed token: %s\"}}".formatted(KEY)));
    told.add(api.send(api.infer(JSON, BODY.formatted("\"stream\":false,"))).body());
    told.add(api.send(api.infer(JSON, BODY.formatted("\"nonsense\":1,"))).body());
    cancelled(api);
    for (String path : TOLD) {
      for (String token : List.of("nobody", PayaraServer.ADMIN)) {
        told.add(answer(api, path, token));
      }
    }
    told.add(api.send(api.as(PayaraServer.ADMIN, "streams?all=true")).body());
    told.add(api.send(api.as(PayaraServer.ADMIN, "health")).body());
    told.add(api.server().log());

    assertThat(api.lmStudio().requests())
        .as("the canaries went through")
        .anySatisfy(
            request -> {
              assertThat(request.header("Authorization")).hasValue("Bearer " + KEY);
              assertThat(request.bodyText()).contains(PROMPT);
            });
    assertThat(told).noneMatch(text -> text.contains(KEY) || text.contains("canary"));
  }

  /** A stream may show its answer to who asked, in deltas; the other events may not. */
  private static String errorsOf(HttpResponse<String> response) {
    return response.statusCode() == 200
        ? EventText.events(response.body()).stream()
            .filter(event -> !event.name().equals("delta"))
            .map(event -> event.data().toString())
            .toList()
            .toString()
        : response.body();
  }

  private static void cancelled(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text(ANSWER)).thenStayOpen());
    try (Listening listener =
        api.listen(api.infer(EVENTS, BODY.formatted(""))).readUntilEvent("delta")) {
      assertThat(listener.text()).contains(ANSWER);
      assertThat(api.send(api.request("streams/" + listener.streamId()).DELETE()).statusCode())
          .isEqualTo(200);
      assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
    }
  }

  private static String answer(Api api, String path, String token) throws Exception {
    HttpResponse<String> response =
        api.send(api.anonymous(path).header("Authorization", "Bearer " + token));
    assertThat(response.statusCode()).as(path).isLessThan(500);
    return path + " " + response.headers().map() + response.body();
  }
}
