package ee.lmstudio.sdk;

import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract with the very bytes that LM Studio 0.4.24 sent. */
class RecordedContractTest extends HttpContractTest {
  private static final String STREAM = Recorded.text("v1-stream-plain-include_usage-0.4.24.sse");
  private static final List<String> NOT_ROUTED_PATHS =
      List.of(
          "/health",
          "/api/v1/models",
          "/v1/audio/transcriptions",
          "/v1/audio/translations",
          "/v1/audio/speech",
          "/v1/images/generations");
  private static final String NOT_ROUTED = Recorded.text("unknown-route-200.json");

  private final SocketSimulator server = SocketSimulator.scripted();

  /** Enough for every test that lists: {@code /v1/models} was not recorded, so it is empty. */
  @BeforeEach
  void listings() {
    for (int i = 0; i < 8; i++) {
      for (String notRouted : NOT_ROUTED_PATHS) {
        server.enqueue(notRouted, Script.respondWithJson(200, NOT_ROUTED));
      }
      server.enqueue("/v1/models", Script.respondWithJson(200, "{\"data\":[]}"));
      server.enqueue(
          "/api/v0/models", Script.respondWithJson(200, Recorded.text("v0-models-0.4.24.json")));
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Override
  String url() {
    return server.url().toString();
  }

  @Override
  void willAnswerPlainChat() {
    willAnswer(
        "/v1/chat/completions",
        Script.respondWithJson(200, Recorded.text("v1-chat-plain-0.4.24.json")));
  }

  @Override
  boolean hasMedia() {
    return false;
  }

  @Override
  String model() {
    return "google/gemma-4-e4b";
  }

  private void willAnswer(String path, Script script) {
    server.enqueue(path, script);
  }

  @Override
  void willAnswerChat() {
    willAnswer("/v1/chat/completions", Script.respondWithEvents(STREAM));
  }

  @Override
  void willContinueText() {
    willAnswer(
        "/v1/completions",
        Script.respondWithJson(200, Recorded.text("v0-completions-length.json")));
  }

  @Override
  String embeddingModel() {
    return "text-embedding-nomic-embed-text-v1.5";
  }

  /** No whole one was recorded: it is of the documented form. */
  @Override
  void willEmbedTwo() {
    willAnswer("/v1/embeddings", Script.respondWithJson(200, Chunks.vectors(embeddingModel())));
  }

  @Override
  void willStall() {
    willAnswer("/v1/chat/completions", Script.respondWithEvents(STREAM).goSilentAt(900));
  }

  @Override
  void willMissModel() {
    willAnswer(
        "/v1/chat/completions",
        Script.respondWithJson(400, Recorded.body("err-400-model_not_found-chat.http.txt")));
  }

  @Override
  void willRefuseToken() {
    willAnswer(
        "/v1/chat/completions",
        Script.respondWithJson(401, Recorded.text("err-401-api-token-required.json")));
  }
}
