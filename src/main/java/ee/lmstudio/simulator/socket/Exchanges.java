package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests and answers of all connections. It chooses the answer to each request, first from
 * the scripts, and counts. For any thread.
 */
final class Exchanges {

  /** A reply and how to send it. */
  record Answer(SimulatorReply reply, Script.Framing framing, List<Fault> faults) {}

  private static final String ANY_PATH = "*";

  private final Responder usual;
  private final Pacer pacer;
  private final Clock clock;
  private final boolean faultsByHeader;
  private final List<NamedFault> faults;
  private final Stalls stalls = new Stalls();
  private final RequestLog requests = new RequestLog();
  private final Map<String, Queue<Script>> scripts = new ConcurrentHashMap<>();
  private final AtomicInteger openStreams = new AtomicInteger();
  private final Semaphore leftAnswers = new Semaphore(0);
  private volatile boolean closing;

  /**
   * @param faultsByHeader whether a request can ask for a fault with {@code X-Simulator-Fault}
   * @param faults the faults of each generation that has no script and asks for no fault
   */
  Exchanges(
      Responder usual, Pacer pacer, Clock clock, boolean faultsByHeader, List<NamedFault> faults) {
    this.usual = usual;
    this.pacer = pacer;
    this.clock = clock;
    this.faultsByHeader = faultsByHeader;
    this.faults = List.copyOf(faults);
  }

  void enqueue(Script script) {
    enqueue(ANY_PATH, script);
  }

  void enqueue(String path, Script script) {
    scripts.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).add(script);
  }

  void forgetScripts() {
    scripts.clear();
  }

  Answer answerTo(SimulatorRequest request) {
    requests.add(request);
    Script script = next(request.path());
    if (script == null && !asksWhoIsThere(request)) {
      script = next(ANY_PATH);
    }
    if (script == null) {
      script = unscripted(request);
    }
    return script.answersAsUsual()
        ? asUsual(request, script.faults())
        : new Answer(script.reply(), script.framing(), script.faults());
  }

  private Script unscripted(SimulatorRequest request) {
    if (faultsByHeader && request.header(AskedFaults.HEADER).isPresent()) {
      return AskedFaults.of(request);
    }
    Script answer = Script.answerAsUsual();
    if (request.isGeneration()) {
      for (NamedFault fault : faults) {
        answer = fault.in(answer);
      }
    }
    return answer;
  }

  /** Clients ask this before they generate. A script without a path is not meant for it. */
  private static boolean asksWhoIsThere(SimulatorRequest request) {
    return request.method().equals("GET")
        && (request.path().equals("/health") || request.path().endsWith("/models"));
  }

  private Script next(String path) {
    Queue<Script> queue = scripts.get(path);
    return queue == null ? null : queue.poll();
  }

  private Answer asUsual(SimulatorRequest request, List<Fault> faults) {
    SimulatorReply reply = usual.reply(request, now());
    if (request.method().equals("HEAD")) {
      reply = withoutBody(reply);
    }
    boolean measured = reply.headers().containsKey("Content-Length");
    Script.Framing framing = measured ? Script.Framing.LENGTH : Script.Framing.CHUNKED;
    return new Answer(reply, framing, faults);
  }

  private static SimulatorReply withoutBody(SimulatorReply reply) {
    return new SimulatorReply(reply.status(), reply.headers(), reply.headAt(), false, List.of());
  }

  void began(SimulatorReply reply) {
    if (reply.streamed()) {
      openStreams.incrementAndGet();
    }
  }

  /**
   * @param whole whether the answer, or its script, was sent to the end
   */
  void ended(SimulatorReply reply, boolean whole) {
    if (reply.streamed()) {
      openStreams.decrementAndGet();
    }
    if (!whole && !closing) {
      leftAnswers.release();
    }
  }

  /** From now on, a broken connection does not count as closed by the client. */
  void closing() {
    closing = true;
  }

  boolean awaitLeftAnswer(Duration limit) throws InterruptedException {
    return leftAnswers.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  int openStreams() {
    return openStreams.get();
  }

  RequestLog requests() {
    return requests;
  }

  Stalls stalls() {
    return stalls;
  }

  Pacer pacer() {
    return pacer;
  }

  Instant now() {
    return clock.instant();
  }
}
