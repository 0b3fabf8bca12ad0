package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.code;
import static ee.lmstudio.http.api.Api.data;
import static ee.lmstudio.http.api.Api.header;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Admins load, unload and download models. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class ModelAdministrationIT {
  private static final String LOAD = "/api/v1/models/load";
  private static final String DOWNLOAD = "/api/v1/models/download";

  private static HttpRequest ask(Api api, String operation, String accept, String body) {
    return ask(api, PayaraServer.ADMIN, operation, accept, body);
  }

  private static HttpRequest ask(
      Api api, String admin, String operation, String accept, String body) {
    return api.as(admin, "models/" + operation)
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static String loaded(String instance) {
    return "{\"type\":\"llm\",\"instance_id\":\"%s\",\"load_time_seconds\":0.5,\"status\":\"loaded\"}"
        .formatted(instance);
  }

  private static JsonObject state(Api api, String id) throws Exception {
    return data(api.send(api.as(PayaraServer.ADMIN, "streams/" + id)));
  }

  private static JsonObject awaitEnd(Api api, String id) throws Exception {
    try (Listening stream =
        api.listen(api.as(PayaraServer.ADMIN, "streams/" + id).header("Accept", EVENTS).build())) {
      stream.readAll();
    }
    return state(api, id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "unload", "download"})
  void callerWhoIsNoAdmin_isForbidden(String operation, Api api) throws Exception {
    HttpResponse<String> answer =
        api.send(
            api.as(PayaraServer.ALICE, "models/" + operation)
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString("{\"model\":\"m\"}")));
    assertThat(code(answer, 403)).isEqualTo("forbidden");
  }

  @Test
  void load_isARunThatCanBeWatched(Api api) throws Exception {
    api.lmStudio().enqueue(LOAD, Script.respondWithJson(200, loaded("fresh-model")));
    String body = "{\"model\":\"fresh-model\",\"context_length\":4096,\"ttl\":60}";

    HttpResponse<String> events = api.send(ask(api, "load", EVENTS, body));

    assertThat(events.statusCode()).as(events.body()).isEqualTo(200);
    assertThat(events.body())
        .contains("event: started", "event: completed", "\"finish_reason\":\"loaded\"")
        .contains("\"instance_id\":\"fresh-model\"");
    JsonObject sent = Api.json(api.lmStudio().requests().getLast().bodyText());
    assertThat(sent.getInt("context_length")).isEqualTo(4096);
    assertThat(sent.getInt("ttl")).isEqualTo(60);
    String location = header(events, "Location");
    JsonObject state = state(api, location.substring(location.lastIndexOf('/') + 1));
    assertThat(state.getString("status")).isEqualTo("completed");
    assertThat(state.getJsonObject("stats").getString("instance_id")).isEqualTo("fresh-model");
  }

  @Test
  void tenAdminsWhoLoadOneModel_shareOneRun(Api api) throws Exception {
    api.lmStudio()
        .enqueue(LOAD, Script.respondWith(200, JSON).thenStall().body(loaded("shared-model")));
    long before = posted(api, LOAD);
    HttpRequest request = ask(api, "load", JSON, "{\"model\":\"shared-model\"}");
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      asked.add(api.sendAsync(request));
    }
    List<String> ids = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : asked) {
      assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(202);
      ids.add(data(answer.get()).getString("stream_id"));
    }
    assertThat(ids).containsOnly(ids.get(0));
    assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();
    api.lmStudio().release();

    assertThat(awaitEnd(api, ids.get(0)).getString("status")).isEqualTo("completed");
    assertThat(posted(api, LOAD) - before).isEqualTo(1);
  }

  private static long posted(Api api, String path) {
    return api.lmStudio().requests().stream()
        .filter(request -> request.path().equals(path))
        .count();
  }

  @Test
  void cancelledLoad_saysThatLmStudioMayGoOn(Api api) throws Exception {
    api.lmStudio()
        .enqueue(LOAD, Script.respondWith(200, JSON).thenStall().body(loaded("endless-model")));
    HttpResponse<String> begun = api.send(ask(api, "load", JSON, "{\"model\":\"endless-model\"}"));
    String id = data(begun).getString("stream_id");
    assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();

    JsonObject state = data(api.send(api.as(PayaraServer.ADMIN, "streams/" + id).DELETE()));

    assertThat(state.getString("status")).isEqualTo("cancelled");
    assertThat(state.getBoolean("stopped_upstream")).isFalse();
    assertThat(awaitEnd(api, id).getString("status")).isEqualTo("cancelled");
  }

  /** Lets two admins load one model, and returns their stream. LM Studio does not answer yet. */
  private static String shared(Api api, String model) throws Exception {
    api.lmStudio().enqueue(LOAD, Script.respondWith(200, JSON).thenStall().body(loaded(model)));
    String body = "{\"model\":\"%s\"}".formatted(model);
    String id = data(api.send(ask(api, "load", JSON, body))).getString("stream_id");
    assertThat(
            data(api.send(ask(api, Api.SECOND_ADMIN, "load", JSON, body))).getString("stream_id"))
        .isEqualTo(id);
    assertThat(api.lmStudio().awaitStall(Api.LIMIT)).isTrue();
    return id;
  }

  @Test
  void adminWhoStopsWaiting_leavesASharedLoadToTheOthers(Api api) throws Exception {
    String id = shared(api, "wanted-model");
    for (int time = 0; time < 2; time++) {
      JsonObject left = data(api.send(api.as(PayaraServer.ADMIN, "streams/" + id).DELETE()));
      assertThat(left.getString("status")).isEqualTo("running");
      assertThat(left.getBoolean("stopped_upstream")).isFalse();
    }
    api.lmStudio().release();

    JsonObject end = awaitEnd(api, id);
    assertThat(end.getString("status")).isEqualTo("completed");
    assertThat(end.containsKey("stopped_upstream")).isFalse();
  }

  @Test
  void lastAdminWhoStopsWaiting_endsTheWaitAndTheNextRequestStartsAgain(Api api) throws Exception {
    String id = shared(api, "unwanted-model");
    api.send(api.as(PayaraServer.ADMIN, "streams/" + id).DELETE());
    JsonObject last = data(api.send(api.as(Api.SECOND_ADMIN, "streams/" + id).DELETE()));
    assertThat(last.getString("status")).isEqualTo("cancelled");
    assertThat(last.getBoolean("stopped_upstream")).isFalse();

    api.lmStudio().enqueue(LOAD, Script.respondWithJson(200, loaded("unwanted-model")));
    HttpResponse<String> again = api.send(ask(api, "load", JSON, "{\"model\":\"unwanted-model\"}"));
    assertThat(data(again).getString("stream_id")).isNotEqualTo(id);
  }

  @Test
  void errorBeforeTheFirstEntry_isTheAnswer(Api api) throws Exception {
    for (String accept : List.of(JSON, EVENTS)) {
      api.lmStudio()
          .enqueue(
              LOAD,
              Script.respondWithJson(
                  404, "{\"error\":{\"message\":\"none\",\"code\":\"model_not_found\"}}"));
      HttpResponse<String> answer =
          api.send(
              ask(api, "load", accept, "{\"model\":\"absent-%d\"}".formatted(accept.length())));
      assertThat(code(answer, 404)).isEqualTo("model_not_found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "load|{}|model",
        "load|{\"model\":\"m\",\"context_length\":\"x\"}|context_length",
        "unload|{}|instance_id",
        "unload|{\"model\":\"m\",\"instance_id\":\"m\"}|instance_id",
        "unload|{\"model\":7}|model",
        "download|{\"model\":\" \"}|model",
        "download|[]|''"
      })
  void wrongField_isNamed(String operation, String body, String field, Api api) throws Exception {
    HttpResponse<String> answer = api.send(ask(api, operation, JSON, body));
    assertThat(code(answer, 422)).isEqualTo("validation_failed");
    assertThat(Api.wrongFields(answer)).containsExactly(field);
  }

  @Test
  void unload_worksByInstanceAndByModel(Api api) throws Exception {
    HttpResponse<String> byInstance =
        api.send(ask(api, "unload", EVENTS, "{\"instance_id\":\"sim-chat\"}"));
    assertThat(byInstance.body()).contains("\"finish_reason\":\"unloaded\"");
    HttpResponse<String> again = api.send(ask(api, "unload", EVENTS, "{\"model\":\"sim-chat\"}"));
    assertThat(code(again, 409)).isEqualTo("model_not_loaded");
    HttpResponse<String> loadAgain = api.send(ask(api, "load", EVENTS, "{\"model\":\"sim-chat\"}"));
    assertThat(loadAgain.body()).contains("event: completed");
    HttpResponse<String> byModel = api.send(ask(api, "unload", EVENTS, "{\"model\":\"sim-chat\"}"));
    assertThat(byModel.body()).contains("\"instance_ids\":[\"sim-chat\"]");
    api.send(ask(api, "load", EVENTS, "{\"model\":\"sim-chat\"}"));
  }

  @Test
  void download_showsItsProgress(Api api) throws Exception {
    String job = "\"job_id\":\"job_1\",\"total_size_bytes\":400,";
    api.lmStudio()
        .enqueue(DOWNLOAD, Script.respondWithJson(200, "{" + job + "\"status\":\"downloading\"}"));
    String status = DOWNLOAD + "/status/job_1";
    api.lmStudio()
        .enqueue(
            status,
            Script.respondWithJson(
                200, "{" + job + "\"status\":\"downloading\",\"downloaded_bytes\":100}"));
    api.lmStudio()
        .enqueue(
            status,
            Script.respondWithJson(
                200, "{" + job + "\"status\":\"completed\",\"downloaded_bytes\":400}"));

    HttpResponse<String> answer = api.send(ask(api, "download", EVENTS, "{\"model\":\"new\"}"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"phase\":\"downloading_model\",\"progress\":0.25")
        .contains("\"progress\":1.0", "\"finish_reason\":\"completed\"");
  }

  @Test
  void modelThatIsThere_isNotDownloadedAgain(Api api) throws Exception {
    api.lmStudio()
        .enqueue(DOWNLOAD, Script.respondWithJson(200, "{\"status\":\"already_downloaded\"}"));
    HttpResponse<String> answer = api.send(ask(api, "download", EVENTS, "{\"model\":\"old\"}"));
    assertThat(answer.body()).contains("\"finish_reason\":\"already_downloaded\"");
  }
}
