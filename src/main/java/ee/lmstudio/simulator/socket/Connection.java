package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client connection. Its reader never stops reading, so it notices at once when the client
 * disconnects. Its player answers one request after the other.
 */
final class Connection {
  private static final int MAX_PIPELINED = 16;
  private static final int REQUEST_TIMEOUT_MILLIS = 60_000;
  private static final int DRAIN_TIMEOUT_MILLIS = 1_000;
  private static final long MAX_DRAINED_BYTES = 2L * HttpReader.MAX_BODY_BYTES;
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final Socket socket;
  private final Exchanges exchanges;
  private final Duration keepAlive;

  /** A request to answer, or one to refuse; then it is the last one, and there is no request. */
  private record Received(SimulatorRequest request, HttpReader.BadRequest refused) {}

  private final BlockingQueue<Received> waiting = new ArrayBlockingQueue<>(MAX_PIPELINED);

  /** The requests that were received and not yet answered. */
  private final AtomicInteger unanswered = new AtomicInteger();

  private volatile long quietSince = System.nanoTime();

  Connection(Socket socket, Exchanges exchanges, Duration keepAlive) {
    this.socket = socket;
    this.exchanges = exchanges;
    this.keepAlive = keepAlive;
  }

  /** Reads until the client disconnects. The player runs on another thread of {@code threads}. */
  void run(ExecutorService threads) throws IOException {
    try (socket) {
      socket.setTcpNoDelay(true);
      Future<?> player = threads.submit(this::answerAll);
      try {
        readAll();
      } finally {
        player.cancel(true);
      }
    }
  }

  private void readAll() throws IOException {
    BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
    HttpReader reader = new HttpReader(in, socket.getOutputStream());
    for (int first = firstByte(in); first >= 0; first = firstByte(in)) {
      socket.setSoTimeout(REQUEST_TIMEOUT_MILLIS);
      try {
        SimulatorRequest request = reader.read(first);
        unanswered.incrementAndGet();
        waiting.put(new Received(request, null));
      } catch (HttpReader.BadRequest e) {
        refuse(e, in);
        return;
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Returns the first byte of the next request; -1 if the client left or was idle for too long. */
  private int firstByte(BufferedInputStream in) throws IOException {
    while (true) {
      long quiet = System.nanoTime() - quietSince;
      boolean busy = unanswered.get() > 0;
      long left = busy ? keepAlive.toMillis() : keepAlive.minusNanos(quiet).toMillis();
      if (left <= 0) {
        return -1;
      }
      socket.setSoTimeout((int) left);
      try {
        return in.read();
      } catch (SocketTimeoutException e) {
        // No byte arrived. The loop checks the clock again.
      }
    }
  }

  /**
   * Lets the player send the refusal after the earlier answers, and reads what the client still
   * sends. If unread bytes were left, an RST would follow, and the client could lose the refusal.
   */
  private void refuse(HttpReader.BadRequest refused, InputStream in) throws IOException {
    try {
      unanswered.incrementAndGet();
      waiting.put(new Received(null, refused));
    } catch (InterruptedException e) {
      return;
    }
    byte[] rest = new byte[8192];
    long drained = 0;
    while (drained < MAX_DRAINED_BYTES) {
      socket.setSoTimeout(unanswered.get() > 0 ? REQUEST_TIMEOUT_MILLIS : DRAIN_TIMEOUT_MILLIS);
      int count = in.read(rest);
      if (count < 0) {
        return;
      }
      drained += count;
    }
  }

  /** Answers as Node does: with a status line and nothing else. */
  private void sendRefusal(HttpReader.BadRequest refused) throws IOException {
    String head =
        "HTTP/1.1 "
            + refused.status()
            + " "
            + Reason.of(refused.status())
            + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    socket.shutdownOutput();
  }

  private void answerAll() {
    try {
      boolean open = true;
      while (open) {
        Received next = waiting.take();
        if (next.refused() != null) {
          sendRefusal(next.refused());
          unanswered.decrementAndGet();
          return; // The reader closes the socket.
        }
        open = answer(next.request());
        quietSince = System.nanoTime();
        unanswered.decrementAndGet();
      }
      socket.close();
    } catch (InterruptedException | IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "An answer ended before it was complete", e);
      closeQuietly();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "The simulator has a defect", e);
      closeQuietly();
    }
  }

  private void closeQuietly() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A socket did not close cleanly", e);
    }
  }

  /** Returns whether the connection can take another request. */
  private boolean answer(SimulatorRequest request) throws IOException, InterruptedException {
    Exchanges.Answer answer = exchanges.answerTo(request);
    SimulatorReply reply = answer.reply();
    boolean stays =
        answer.framing().isDelimited()
            && !"close".equalsIgnoreCase(request.headers().get("Connection"));
    boolean whole = false;
    exchanges.began(reply);
    try {
      Wire wire = new Wire(socket, answer.framing());
      new AnswerPlayer(wire, answer.faults(), exchanges.pacer(), exchanges.stalls())
          .play(reply, headers(reply, answer.framing(), stays));
      whole = true;
    } catch (AnswerPlayer.Ended e) {
      whole = true;
      throw e;
    } finally {
      exchanges.ended(reply, whole);
    }
    return stays;
  }

  private Map<String, String> headers(SimulatorReply reply, Script.Framing framing, boolean stays) {
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.putIfAbsent(
        "Date", HTTP_DATE.format(ZonedDateTime.ofInstant(exchanges.now(), ZoneOffset.UTC)));
    headers.putIfAbsent("Connection", stays ? "keep-alive" : "close");
    if (stays) {
      headers.putIfAbsent("Keep-Alive", "timeout=" + keepAlive.toSeconds());
    }
    if (framing == Script.Framing.CHUNKED) {
      headers.putIfAbsent("Transfer-Encoding", "chunked");
    }
    return headers;
  }
}
