package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.ContractRequests.API;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.ContractCheck.Answer;
import ee.lmstudio.simulator.socket.Script;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * The server of the contract test, with short time limits and a context root of its own, and the
 * ways to ask it.
 */
abstract class ContractFixture {
  static final String ROOT = "office";
  static final int STARTS = 1_000_000;
  static final String INFER = "POST " + API + "infer";
  static final String STREAM = API + "streams/{id}";
  static final String DOOR_STREAM = "/v1/streams/{id}";
  static final String CHAT = "POST /v1/chat/completions";
  static final String STREAMED = ",\"stream\":true}";

  /**
   * The statuses of audio and images that need an LM Studio with these endpoints. {@link
   * MediaContractIT} checks them.
   */
  private static final Set<Integer> OF_MEDIA = Set.of(200, 404, 409, 504);

  static final ContractCheck CONTRACT = new ContractCheck();

  static ContractServer.Shared shared;
  static Api api;
  static ContractRequests requests;

  @BeforeAll
  static void start() {
    shared =
        new ContractServer.Shared(
            server ->
                server
                    .contextRoot(ROOT)
                    .config("lm-studio.trusted-proxies", "127.0.0.1")
                    .config("lm-studio.max-json-bytes", "65536")
                    .config("lm-studio.max-audio-bytes", "65536")
                    .config("lm-studio.enable-audio", "true")
                    .config("lm-studio.enable-images", "true")
                    .config("lm-studio.rate-limit", "" + STARTS)
                    .config("lm-studio.body-timeout", "1s")
                    .config("lm-studio.timeout", "3s")
                    .config("lm-studio.first-token-timeout", "3s")
                    .config("lm-studio.generation-timeout", "3s")
                    .config("lm-studio.progress-after", "20s")
                    .config("lm-studio.breaker-calls", "0"));
    api = shared.api;
    requests = new ContractRequests(api);
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  @AfterEach
  void forgetScripts() {
    api.lmStudio().forgetScripts();
    requests.useStream("none");
  }

  static Answer valid(String operation, int status, String... headers) throws Exception {
    CONTRACT.isValidRequest(operation, ContractRequests.all().get(operation).body());
    HttpRequest.Builder request = requests.valid(operation);
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return CONTRACT.is(operation, status, requests.send(request));
  }

  static Answer streamed(String operation, String accept, int status) throws Exception {
    String whole = ContractRequests.all().get(operation).body();
    String body =
        whole.contains(",\"stream\":false}")
            ? whole.replace(",\"stream\":false}", STREAMED)
            : whole.replaceAll("}$", STREAMED);
    CONTRACT.isValidRequest(operation, body);
    return CONTRACT.is(
        operation, status, requests.send(requests.with(operation, body).header("Accept", accept)));
  }

  static void answer(String operation, Script script) {
    api.lmStudio().enqueue(ContractRequests.all().get(operation).lmStudio(), script);
  }

  /**
   * Returns the answer to a valid request that LM Studio refuses. The error of work on a model is
   * the answer only within a second, which a busy machine may miss, so such work is asked again.
   */
  static Answer refused(String operation, Supplier<Script> refusal) throws Exception {
    Answer answer = null;
    for (int i = 0; i < 5 && (answer == null || answer.status() == 202); i++) {
      if (!ContractRequests.all().get(operation).lmStudio().isEmpty()) {
        answer(operation, refusal.get());
      }
      answer = requests.send(requests.valid(operation));
    }
    return answer;
  }

  /** The operations that call one path of LM Studio, and list this status. */
  static Stream<String> scripted(int status) {
    return CONTRACT.document().answering(status).stream()
        .filter(operation -> !ContractRequests.all().get(operation).lmStudio().isEmpty());
  }

  static boolean isOfMedia(String operation, int status) {
    boolean media = operation.contains("/v1/audio/") || operation.contains("/v1/images/");
    return media && OF_MEDIA.contains(status);
  }

  /**
   * @param answer the operation, the status and the media type
   */
  static boolean isOfMedia(String answer) {
    String[] parts = answer.split(" ");
    return isOfMedia(parts[1], Integer.parseInt(parts[2]));
  }

  /** Returns the operations that list a status and can answer with it in this test. */
  static List<String> answering(int status) {
    return CONTRACT.document().answering(status).stream()
        .filter(operation -> !isOfMedia(operation, status))
        .toList();
  }

  interface Asking {
    Answer send(String operation) throws Exception;
  }

  /** Every operation that lists a status answers with it. */
  static void all(int status, Asking asking) throws Exception {
    all(status, answering(status).stream(), asking);
  }

  static void all(int status, Stream<String> operations, Asking asking) throws Exception {
    List<String> names = operations.toList();
    assertThat(names).isNotEmpty();
    for (String operation : names) {
      CONTRACT.is(operation, status, asking.send(operation));
    }
  }

  static Answer unreadable(String operation) throws Exception {
    return requests.send(
        ContractRequests.all().get(operation).body().isEmpty()
            ? requests.valid(operation).header("Accept", "application/json;q=x")
            : requests.with(operation, "{"));
  }

  static Answer invalid(String operation) throws Exception {
    return requests.send(
        operation.startsWith("GET")
            ? api.request("models?limit=x")
            : requests.with(operation, "{}"));
  }

  static HttpRequest.Builder wrongToken(String operation, String address) {
    HttpRequest.Builder request =
        operation.contains("/demo")
            ? api.anonymous("ai/lmstudio/demo?token=of-nobody")
            : requests.anonymous(operation);
    return request.header("Authorization", "Bearer of-nobody").header("X-Forwarded-For", address);
  }
}
