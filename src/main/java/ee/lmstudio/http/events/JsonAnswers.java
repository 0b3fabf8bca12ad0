package ee.lmstudio.http.events;

import ee.lmstudio.config.Shares;
import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Answers requests with JSON that is in memory as a whole until the client has read it, such as a
 * list. No thread waits for the client. The number of answers in preparation is limited for each
 * caller. The bytes in memory that clients have not read are limited for each caller and for all
 * together, also for answers whose texts are read from a log. Safe for use by any thread.
 */
@ApplicationScoped
public class JsonAnswers {
  /** All unread answers together may take the heap divided by this number. */
  static final int SHARE_OF_HEAP = 16;

  /** The unread answers of one caller may take the limit of all divided by this number. */
  static final int SHARE_OF_ALL = 4;

  /** Maximum number of answers of one caller that are in preparation at a time. */
  static final int AT_ONCE = 32;

  private static final Duration SOON = Duration.ofSeconds(1);

  @Inject ListenerWatch watch;
  private final long most;

  // Guarded by this: by caller, the bytes of unread answers and the answers in preparation.
  private final Shares<String> unread = new Shares<>();
  private final Shares<String> preparing = new Shares<>();

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
   *
   * @throws RateLimitedException if too many answers of this caller are in preparation
   */
  public void later(HttpServletRequest request, AsyncResponse answer, Supplier<String> json) {
    begin(
        request,
        answer,
        () -> new Pieces.Builder().raw(json.get()).build(),
        (sent, work) -> AnswerThread.start(work));
  }

  /**
   * Answers with the JSON that is supplied, or with what the supplier throws. The supplier takes
   * some time, but never waits. It runs on the thread that writes long answers, where callers take
   * turns.
   *
   * @throws RateLimitedException if too many answers of this caller are in preparation
   */
  public void inTurn(HttpServletRequest request, AsyncResponse answer, Supplier<Pieces> json) {
    begin(request, answer, json, JsonAnswer::later);
  }

  private void begin(
      HttpServletRequest request,
      AsyncResponse answer,
      Supplier<Pieces> json,
      BiConsumer<JsonAnswer, Runnable> start) {
    String caller = request.getUserPrincipal().getName();
    begin(caller);
    JsonAnswer sent;
    try {
      sent =
          new JsonAnswer(
              request.getAsyncContext(),
              watch,
              share(caller),
              end -> () -> {},
              () -> release(answer));
    } catch (RuntimeException clientLeft) {
      prepared(caller);
      throw clientLeft;
    }
    start.accept(
        sent,
        () -> {
          try {
            Optional<Pieces> whole = prepare(caller, sent, json);
            if (whole.isPresent()) {
              sent.begin(whole.get());
            }
          } catch (IOException | RuntimeException | Error notBegun) {
            sent.abandon();
            // Without an answer, the client would wait forever.
            AnswerThread.start(() -> answer.resume(notBegun));
          }
        });
  }

  /** Returns empty if the client has left while it waited for its turn. */
  private Optional<Pieces> prepare(String caller, JsonAnswer sent, Supplier<Pieces> json) {
    try {
      return sent.mayBegin() ? Optional.of(json.get()) : Optional.empty();
    } finally {
      prepared(caller);
    }
  }

  /** Returns the share of one answer of a caller in the memory for unread answers. */
  Share share(String caller) {
    return new Share(caller);
  }

  private synchronized void begin(String caller) {
    if (preparing.of(caller) >= AT_ONCE) {
      throw new RateLimitedException(
          "Too many of your requests are being answered (limit %d)".formatted(AT_ONCE),
          "Wait for an answer before you send the next request.",
          SOON);
    }
    preparing.add(caller, 1);
  }

  private synchronized void prepared(String caller) {
    preparing.remove(caller, 1);
  }

  /**
   * Releases a request whose answer was written without JAX-RS. If the client has sent its next
   * request already, the container begins with it on the thread that releases this one, so that
   * thread must be free for anything.
   */
  static void release(AsyncResponse answer) {
    AnswerThread.start(() -> answer.resume(Response.ok().build()));
  }

  /** The memory of one answer. */
  final class Share {
    private final String caller;

    // Guarded by the outer object.
    private long bytes;
    private boolean over;

    private Share(String caller) {
      this.caller = caller;
    }

    String caller() {
      return caller;
    }

    /** Takes memory until the answer ends. A caller's only answer may exceed the caller's limit. */
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
