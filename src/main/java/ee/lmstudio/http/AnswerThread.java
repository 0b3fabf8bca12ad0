package ee.lmstudio.http;

import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** Answers a suspended request on a virtual thread of its own. */
public final class AnswerThread {
  private AnswerThread() {}

  /** Answers with the response that is supplied, or with what the supplier throws. */
  public static void resume(AsyncResponse answer, Supplier<Response> response) {
    start(
        () -> {
          try {
            answer.resume(response.get());
          } catch (RuntimeException | Error notAnAnswer) {
            // Without an answer, the client would wait forever.
            answer.resume(notAnAnswer);
          }
        });
  }

  /** Runs {@code answering} on a virtual thread. It must answer the request or end it. */
  public static void start(Runnable answering) {
    Thread.ofVirtual().name("lmstudio-answer").start(answering);
  }
}
