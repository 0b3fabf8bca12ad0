package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.ContractCheck.Answer;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.socket.Script;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Checks those answers of audio and images that {@link OpenApiContractIT} cannot get, because its
 * LM Studio is too new to have audio and images.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MediaContractIT {
  private static final String TRANSCRIPTION = "POST /v1/audio/transcriptions";
  private static final String SPEECH = "POST /v1/audio/speech";
  private static final String IMAGES = "POST /v1/images/generations";
  private static final Set<String> OPERATIONS =
      Set.of(TRANSCRIPTION, "POST /v1/audio/translations", SPEECH, IMAGES);

  private static final ContractCheck CONTRACT = new ContractCheck();

  private static ContractServer.Shared shared;
  private static ContractRequests requests;

  @BeforeAll
  static void start() {
    shared =
        new ContractServer.Shared(
            server ->
                server
                    .config("lm-studio.enable-audio", "true")
                    .config("lm-studio.enable-images", "true")
                    .config("lm-studio.generation-timeout", "2s"),
            ContractServer.FAST.withVersion(SimulatedVersion.parse("0.2.21")));
    requests = new ContractRequests(shared.api);
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  private static Answer is(String operation, int status, String body) throws Exception {
    return CONTRACT.is(operation, status, requests.send(requests.with(operation, body)));
  }

  private static String form(String operation, String name, String value) {
    String field = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    return field.formatted(name, value) + ContractRequests.all().get(operation).body();
  }

  private static void answer(String operation, Script script) {
    shared.lmStudio().enqueue(operation.replace("POST ", ""), script);
  }

  @Test
  void transcripts_areAsDocumented() throws Exception {
    for (String operation : List.of(TRANSCRIPTION, "POST /v1/audio/translations")) {
      for (String format : List.of("json", "text", "vtt")) {
        is(operation, 200, form(operation, "response_format", format));
      }
      is(operation, 200, form(operation, "stream", "true"));
    }
  }

  @Test
  void speechAndImages_areAsDocumented() throws Exception {
    is(SPEECH, 200, "{\"input\":\"Hello\"}");
    is(SPEECH, 200, "{\"input\":\"Hello\",\"stream_format\":\"sse\"}");
    is(IMAGES, 200, "{\"prompt\":\"Hello\"}");
    is(IMAGES, 200, "{\"prompt\":\"Hello\",\"stream\":true}");
  }

  @Test
  void unknownModels_areAnsweredAsDocumented() throws Exception {
    for (String operation : OPERATIONS) {
      answer(
          operation,
          Script.respondWithJson(
              404, "{\"error\":{\"message\":\"none\",\"code\":\"model_not_found\"}}"));
      is(operation, 404, ContractRequests.all().get(operation).body());
    }
  }

  @Test
  void reusedIdempotencyKeys_areAnsweredAsDocumented() throws Exception {
    for (String operation : OPERATIONS) {
      String body = ContractRequests.all().get(operation).body();
      for (String one : List.of(body, body.replace("Hello", "Other"))) {
        Answer answer =
            requests.send(
                requests
                    .with(operation, one)
                    .header("Idempotency-Key", "of" + operation.hashCode()));
        CONTRACT.is(operation, one.equals(body) ? 200 : 409, answer);
      }
    }
  }

  @Test
  void silenceOfLmStudio_timesOutAsDocumented() throws Exception {
    Map<String, CompletableFuture<HttpResponse<String>>> answers = new TreeMap<>();
    for (String operation : OPERATIONS) {
      answer(operation, Script.respondWith(200, JSON).body("{}").goSilentAt(1));
      answers.put(operation, shared.api.sendAsync(requests.valid(operation).build()));
    }
    for (String operation : OPERATIONS) {
      CONTRACT.is(operation, 504, Answer.of(answers.get(operation).get()));
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everyDocumentedAnswerOfAudioAndImages_wasSeen() {
    assertThat(CONTRACT.neverSeen()).filteredOn(ContractFixture::isOfMedia).isEmpty();
  }
}
