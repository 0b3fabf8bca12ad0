package ee.lmstudio.http.body;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.server.RawBody;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One body while it arrives. The container calls this object when bytes have arrived, so no thread
 * waits for them. The body has one of two outcomes: all of it has arrived; or it ends with an
 * error, because it is broken, late or slow, or because its place or memory is needed.
 */
final class ArrivingBody implements ReadListener {
  /** Receives the outcome. Exactly one of the methods is called, once, without holding a lock. */
  interface Outcome {
    /** The whole body has arrived, or more bytes than are kept. */
    void arrived();

    /** The rest of the body is not read. */
    void ended(ApiError why);
  }

  private enum State {
    ARRIVING,
    ARRIVED,
    ENDED
  }

  private static final Logger LOG = Logger.getLogger(ArrivingBody.class.getName());
  private static final int READ_BYTES = 8 * 1024;

  private final ServletInputStream in;
  private final RawBody raw;
  private final long announced;
  private final long most;
  private final KeptBody kept;
  private final BodyPace pace;
  private final Outcome outcome;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, like the fields below. */
  private State state = State.ARRIVING;

  /** Written under the lock, and read without it. */
  private volatile ApiError error;

  /** Written under the lock, and read without it. */
  private volatile long arrived;

  /** Set if the body is too late or too slow, also while another thread holds the lock. */
  private volatile ApiError late;

  /** Whether the container calls this object: only then may another thread tell the outcome. */
  private boolean listening;

  /** Whether the outcome became known while {@code listening} was false, and was not told. */
  private boolean isUntold;

  /**
   * Creates a body of which nothing was read.
   *
   * @param raw finds the end of the body; null if the container finds it
   * @param announced the length in bytes according to the headers, −1 if they do not state it
   * @param most the maximum number of bytes; a longer body is not read to its end, and none of its
   *     bytes are kept
   * @param kept receives the bytes; null if the bytes are dropped
   */
  ArrivingBody(
      ServletInputStream in,
      RawBody raw,
      long announced,
      long most,
      KeptBody kept,
      BodyPace pace,
      Outcome outcome) {
    this.in = in;
    this.raw = raw;
    this.announced = announced;
    this.most = most;
    this.kept = kept;
    this.pace = pace;
    this.outcome = outcome;
  }

  private interface Readiness {
    boolean isReady() throws IOException;
  }

  /**
   * Reads the bytes that have arrived, without waiting. Returns whether the outcome is known now.
   * This method does not tell the outcome.
   */
  boolean readAvailable() {
    lock.lock();
    try {
      read(() -> in.available() > 0);
      return state != State.ARRIVING;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the outcome. Call this only if {@link #readAvailable} has returned true. */
  void tell() {
    if (error == null) {
      outcome.arrived();
    } else {
      outcome.ended(error);
    }
  }

  /**
   * Asks the container to call this object. If another thread has ended the body before, the
   * outcome is told here: an answer that is written while the container takes the listener would
   * complete the request while the container still uses it.
   */
  void listen() throws IOException {
    in.setReadListener(this);
    boolean tells;
    lock.lock();
    try {
      listening = true;
      tells = isUntold;
    } finally {
      lock.unlock();
    }
    if (tells) {
      tell();
    }
  }

  /** Returns the number of bytes of the body that have arrived. */
  long length() {
    return arrived;
  }

  /** Returns the error that ended the body, or null. */
  ApiError error() {
    return error;
  }

  @Override
  public void onDataAvailable() {
    boolean known;
    lock.lock();
    try {
      known = state == State.ARRIVING;
      read(in::isReady);
      known &= state != State.ARRIVING;
    } finally {
      lock.unlock();
    }
    if (known) {
      tell();
    }
  }

  @Override
  public void onAllDataRead() {
    lock.lock();
    endLocked(isWhole() ? null : BodyErrors.broken());
  }

  @Override
  public void onError(Throwable broken) {
    LOG.log(Level.FINE, "A request body could not be read", broken);
    end(BodyErrors.broken());
  }

  /**
   * Ends the body if it arrives too late or too slowly. Never waits: if another thread is keeping
   * bytes, which takes long on a slow disk, that thread ends the body.
   */
  void checkPace() {
    ApiError tooSlow = pace.check(length());
    if (tooSlow != null) {
      late = tooSlow;
      if (lock.tryLock()) {
        endLocked(tooSlow);
      }
    }
  }

  /**
   * Ends the body. Has no effect if its outcome is known. Before {@link #listen}, the outcome is
   * not told.
   */
  void end(ApiError why) {
    lock.lock();
    endLocked(why);
  }

  /** Unlocks before it tells the outcome. */
  private void endLocked(ApiError why) {
    boolean tells = false;
    try {
      if (state == State.ARRIVING) {
        finish(why);
        isUntold = !listening;
        tells = listening;
      }
    } finally {
      lock.unlock();
    }
    if (tells) {
      tell();
    }
  }

  private boolean isWhole() {
    return raw == null ? announced < 0 || arrived == announced : raw.isFinished();
  }

  /** Frees the memory or the disk space of the bytes that have arrived. */
  void release() {
    if (kept != null) {
      kept.release();
    }
  }

  private void finish(ApiError why) {
    error = why;
    state = why == null ? State.ARRIVED : State.ENDED;
    if (why != null || arrived > most) {
      release();
    }
  }

  private void read(Readiness readiness) {
    try {
      if (state == State.ARRIVING && raw != null && raw.isFinished()) {
        finish(null);
      }
      byte[] bytes = null;
      while (state == State.ARRIVING && readiness.isReady()) {
        bytes = bytes == null ? new byte[READ_BYTES] : bytes;
        int count = in.read(bytes);
        if (count < 0) {
          finish(isWhole() ? null : BodyErrors.broken());
        } else {
          take(bytes, count);
        }
      }
      if (state == State.ARRIVING && raw == null && in.isFinished()) {
        finish(isWhole() ? null : BodyErrors.broken());
      }
    } catch (IOException broken) {
      LOG.log(Level.FINE, "A request body could not be read", broken);
      finish(BodyErrors.broken());
    }
  }

  private void take(byte[] bytes, int count) throws IOException {
    if (raw == null) {
      keep(bytes, 0, count);
    } else {
      raw.take(bytes, 0, count, this::keep);
    }
    if (state == State.ARRIVING
        && (arrived > most || isWhole() && (raw != null || announced >= 0))) {
      finish(null);
    }
  }

  private void keep(byte[] bytes, int from, int to) {
    arrived += to - from;
    if (kept != null && state == State.ARRIVING && arrived <= most) {
      ApiError full = kept.add(bytes, from, to);
      ApiError why = full == null ? late : full;
      if (why != null) {
        finish(why);
      }
    }
  }
}
