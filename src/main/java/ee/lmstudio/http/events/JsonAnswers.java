package ee.lmstudio.http.events;

import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.run.Shares;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Answers requests with JSON that is in memory as a whole until the client has read it, such as a
 * list. No thread waits for the client, and what clients have not read is bounded for each caller
 * and for all together. For any thread.
 */
@ApplicationScoped
public class JsonAnswers {
  /** All unread answers may take this part of the heap. */
  static final int SHARE_OF_HEAP = 16;

  /** The unread answers of one caller may take this part of that. */
  static final int SHARE_OF_ALL = 4;

  private static final Duration SOON = Duration.ofSeconds(1);

  @Inject ListenerWatch watch;
  private final long most;

  /** The bytes of unread answers by caller. Guarded by this. */
  private final Shares<String> unread = new Shares<>();

  /** Used by CDI. */
  public JsonAnswers() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param most the bytes that all unread answers may take
   */
  JsonAnswers(long most) {
    this.most = most;
  }

  /**
   * Answers with the JSON that is supplied, or with what the supplier throws. The supplier runs on
   * a virtual thread, so that a hanging LM Studio does not occupy a thread of the server's pool.
   */
  public void later(HttpServletRequest request, AsyncResponse answer, Supplier<String> json) {
    Share share = new Share(request.getUserPrincipal().getName());
    JsonAnswer sent =
        new JsonAnswer(
            request.getAsyncContext(), watch, end -> share::giveBack, () -> release(answer));
    AnswerThread.start(
        () -> {
          try {
            Pieces body = new Pieces.Builder().raw(json.get()).build();
            share.take(body.literalBytes());
            sent.begin(body);
          } catch (IOException | RuntimeException | Error notBegun) {
            sent.abandon();
            // Without an answer, the client would wait forever.
            answer.resume(notBegun);
          }
        });
  }

  /** Releases a request whose answer was written without JAX-RS. */
  static void release(AsyncResponse answer) {
    answer.resume(Response.ok().build());
  }

  /** The memory of one answer. */
  private final class Share {
    private final String caller;

    // Guarded by the outer object.
    private long bytes;
    private boolean over;

    Share(String caller) {
      this.caller = caller;
    }

    /** Takes memory until the answer ends. One answer of a caller may have any size. */
    void take(long wanted) {
      synchronized (JsonAnswers.this) {
        if (over) {
          return;
        }
        long own = unread.of(caller);
        if (own > 0 && own + wanted > most / SHARE_OF_ALL) {
          throw new RateLimitedException(
              "You have not read your last answers (limit %d bytes)".formatted(most / SHARE_OF_ALL),
              "Read them, or close their connections.",
              SOON);
        }
        if (unread.all() > 0 && unread.all() + wanted > most) {
          throw new OverloadedException(
              "Answers that clients have not read fill their memory (limit %d bytes)"
                  .formatted(most),
              "Try again later, or give the server more heap.",
              SOON);
        }
        bytes = wanted;
        unread.add(caller, wanted);
      }
    }

    void giveBack() {
      synchronized (JsonAnswers.this) {
        over = true;
        unread.remove(caller, bytes);
        bytes = 0;
      }
    }
  }
}
