package ee.lmstudio.http.events;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;

/** A successful JSON answer of any length, written at the client's speed. */
final class JsonAnswer extends UnhurriedResponse {
  private final Runnable release;
  private final boolean onlyHeaders;

  // After begin() used only by the thread that writes.
  private Pieces body;

  /**
   * Calls {@code take}. Nothing is written before {@link #begin}.
   *
   * @param request suspended, while the call that suspended it is still running
   * @param take gets an action that ends the answer early, and returns an action that gives back
   *     what was taken
   * @param onEnd called once, when nothing more will be written; it releases the request
   */
  JsonAnswer(
      AsyncContext request,
      ListenerWatch watch,
      Function<Runnable, Runnable> take,
      Runnable onEnd) {
    super(request, watch.unproxied(), onEnd);
    this.onlyHeaders =
        request.getRequest() instanceof HttpServletRequest asked
            && asked.getMethod().equals("HEAD");
    this.release = take.apply(this::breakOff);
    listen();
  }

  /** Answers 200 with {@code whole}. Sets {@code Content-Length} if the body has one piece. */
  void begin(Pieces whole) throws IOException {
    HttpServletResponse response = response();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("application/json");
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
    release.run();
  }

  @Override
  String name() {
    return "An answer";
  }
}
