package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.chat;
import static ee.lmstudio.http.api.Api.code;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of models, and which of them answers when none is named. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class ModelsIT {
  private static List<JsonObject> models(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Api.success(response).getJsonArray("data").getValuesAs(JsonObject.class);
  }

  private static List<String> ids(HttpResponse<String> response) {
    return models(response).stream().map(model -> model.getString("id")).toList();
  }

  @Test
  void models_areMergedFromAllListings(Api api) throws Exception {
    HttpResponse<String> response = api.send(api.request("models"));
    assertThat(ids(response))
        .containsExactlyInAnyOrder("sim-chat", "sim-reasoner", "sim-slow", "text-embedding-sim");
    JsonObject chat =
        models(response).stream()
            .filter(model -> model.getString("id").equals("sim-chat"))
            .findFirst()
            .orElseThrow();
    assertThat(chat.getString("object")).isEqualTo("model");
    assertThat(chat.getString("state")).isEqualTo("loaded");
    assertThat(chat.getString("type")).isIn("llm", "vlm");
    assertThat(chat.getJsonObject("metadata").getInt("context_length")).isPositive();
    JsonObject meta = Api.success(response).getJsonObject("meta");
    assertThat(meta.getBoolean("stale")).isFalse();
    assertThat(meta.get("next_cursor")).isEqualTo(JsonValue.NULL);
    assertThat(Instant.parse(meta.getString("fetched_at"))).isBefore(Instant.now());
    assertThat(meta.getString("lmstudio_version")).startsWith("0.4");
  }

  @Test
  void filters_areAppliedByUs(Api api) throws Exception {
    assertThat(ids(api.send(api.request("models?status=loaded")))).containsExactly("sim-chat");
    assertThat(ids(api.send(api.request("models?owned_by=nobody-at-all")))).isEmpty();
  }

  @Test
  void pages_followTheCursor(Api api) throws Exception {
    List<String> all = ids(api.send(api.request("models")));
    HttpResponse<String> first = api.send(api.request("models?limit=3"));
    String cursor = Api.success(first).getJsonObject("meta").getString("next_cursor");
    HttpResponse<String> second = api.send(api.request("models?limit=3&cursor=" + cursor));
    assertThat(ids(first)).isEqualTo(all.subList(0, 3));
    assertThat(ids(second)).isEqualTo(all.subList(3, 4));
    assertThat(Api.success(second).getJsonObject("meta").get("next_cursor"))
        .isEqualTo(JsonValue.NULL);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=-1, limit",
    "limit=x, limit",
    "limit=1001, limit",
    "cursor=x, cursor"
  })
  void wrongQuery_namesItsField(String query, String field, Api api) throws Exception {
    HttpResponse<String> response = api.send(api.request("models?" + query));
    assertThat(code(response, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(response)).containsExactly(field);
  }

  @Test
  void eventsOfModels_areNotAcceptable(Api api) throws Exception {
    assertThat(code(api.send(api.request("models").header("Accept", EVENTS)), 406))
        .isEqualTo("not_acceptable");
  }

  @Test
  void health_saysHowLmStudioIs(Api api) throws Exception {
    JsonObject health = Api.data(api.send(api.request("health")));
    assertThat(health.getString("status")).isNotBlank();
    assertThat(health.getString("lmstudio_version")).startsWith("0.4");
  }

  @Test
  void noModelNamed_theOnlyLoadedOneAnswers(Api api) throws Exception {
    List<Event> events = EventText.events(api.send(api.infer(EVENTS, chat())).body());
    assertThat(events.get(0).data().get("model_requested")).isEqualTo(JsonValue.NULL);
    assertThat(events.get(events.size() - 1).text("model_id")).isEqualTo("sim-chat");
  }

  @Test
  void noModelNamedAndSeveralLoaded_namesThem(Api api) throws Exception {
    api.lmStudio()
        .enqueue(
            "/api/v0/models",
            Script.respondWithJson(
                200,
                "{\"object\":\"list\",\"data\":["
                    + "{\"id\":\"sim-chat\",\"type\":\"llm\",\"state\":\"loaded\"},"
                    + "{\"id\":\"sim-slow\",\"type\":\"llm\",\"state\":\"loaded\"}]}"))
        .enqueue("/api/v1/models", Script.respondWithJson(200, "{\"models\":[]}"));
    long posted = api.lmStudio().generationsPosted();
    HttpResponse<String> response = api.send(api.infer(EVENTS, chat()));
    assertThat(code(response, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(response)).containsExactly("model");
    assertThat(Api.error(response).getString("message")).contains("sim-chat", "sim-slow");
    assertThat(api.lmStudio().generationsPosted()).isEqualTo(posted);
  }
}
