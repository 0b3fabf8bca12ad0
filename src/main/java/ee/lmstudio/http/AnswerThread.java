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
    Thread.ofVirtual().name("lmstudio-answer").start(new LetsGo(answering));
  }

  /**
   * Forgets its work when it runs. Payara's timer for a call to LM Studio ({@code CallTimeouts})
   * keeps the thread of each call until the call's limit has passed, even if the call has ended.
   * Without this class, it would keep the whole request with it, about 40 KB for each call.
   */
  private static final class LetsGo implements Runnable {
    private Runnable work;

    LetsGo(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      Runnable now = work;
      work = null;
      now.run();
    }
  }
}
