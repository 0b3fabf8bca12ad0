package ee.lmstudio.http.events;

import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;

/** A successful answer of any length and media type, written at the client's speed. */
final class JsonAnswer extends UnhurriedResponse {
  private final JsonAnswers.Share share;
  private final Runnable release;
  private final boolean onlyHeaders;

  // After begin() used only by the thread that writes.
  private Pieces body;

  /**
   * Calls {@code take}. Nothing is written before {@link #begin}.
   *
   * @param request suspended, while the call that suspended it is still running
   * @param share counts what of the answer is in memory until the answer ends
   * @param take gets an action that ends the answer early, and returns an action that gives back
   *     what was taken
   * @param onEnd called once, when nothing more will be written; it releases the request
   */
  JsonAnswer(
      AsyncContext request,
      ListenerWatch watch,
      JsonAnswers.Share share,
      Function<Runnable, Runnable> take,
      Runnable onEnd) {
    super(request, share.caller(), watch.unproxied(), onEnd);
    this.share = share;
    this.onlyHeaders =
        request.getRequest() instanceof HttpServletRequest asked
            && asked.getMethod().equals("HEAD");
    this.release = take.apply(this::breakOff);
    listen();
  }

  /**
   * Answers 200 with {@code whole}. Sets {@code Content-Length} if the body has one piece.
   *
   * @throws RateLimitedException if the caller's unread answers would take too much memory
   * @throws OverloadedException if all unread answers together would take too much memory
   */
  void begin(Pieces whole) throws IOException {
    if (!mayBegin()) {
      return;
    }
    share.take(whole.literalBytes());
    HttpServletResponse response = response();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(whole.contentType());
    Pieces.Piece first = whole.piece(Pieces.Place.START);
    if (whole.endsAt(first.next())) {
      response.setContentLength(first.bytes().length);
    }
    body = onlyHeaders ? null : whole;
    beginWriting();
  }

  /** Adds a body of one piece to the buffer, so that any thread may write it. */
  @Override
  Pieces fill(FrameBuffer buffer) {
    Pieces whole = body;
    body = null;
    if (whole == null) {
      return null;
    }
    Pieces.Piece first = whole.piece(Pieces.Place.START);
    if (whole.endsAt(first.next())) {
      buffer.raw(first.bytes());
      return null;
    }
    return whole;
  }

  @Override
  Pieces.Piece piece(Pieces part, Pieces.Place at) {
    return part.piece(at);
  }

  @Override
  boolean isFinished() {
    return body == null;
  }

  @Override
  void detach() {
    share.giveBack();
    release.run();
  }

  @Override
  String name() {
    return "An answer";
  }
}
