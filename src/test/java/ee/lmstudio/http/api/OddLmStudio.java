package ee.lmstudio.http.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.Responder;
import ee.lmstudio.simulator.Simulator;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The simulator, which also answers relayed requests, and answers one request in sixteen in an
 * unusual way. The same request always gets the same answer.
 */
final class OddLmStudio implements Responder {
  /** Every answer to a relayed request has this mark. */
  static final String RELAYED = "relayed-7c1f";

  /** The targets that this server may ask LM Studio for. Relayed ones may have a query. */
  private static final String TARGETS =
      "/v1/models(\\?[a-z_]+=[!-~]*)?|/v1/(chat/completions|completions|embeddings|images/generations"
          + "|audio/(transcriptions|translations|speech))|/v1/(messages|decisions|rerank/listed"
          + "|responses(/(?!\\.+(/|$))[A-Za-z0-9_.-]+(/cancel)?)?)(\\?[!-~]*)?"
          + "|/api/v[01]/models(/[^/?]+)?|/lmstudio-greeting|/health|/api/v[01]/models/(un)?load";

  private static final List<Reply> ODD =
      List.of(
          new Reply(400, "{\"error\":{\"message\":\"bad\",\"param\":\"messages\",\"code\":\"x\"}}"),
          new Reply(400, "{\"error\":\"Context size 9 exceeds 4 tokens\"}"),
          new Reply(404, "<html>" + RELAYED + "</html>"),
          new Reply(429, "{\"error\":{\"message\":\"" + RELAYED + "\"}}"),
          new Reply(500, "{\"error\":null,\"x\":\"" + RELAYED + "\"}"),
          new Reply(503, RELAYED),
          new Reply(302, ""),
          new Reply(200, "{\"choices\":[{\"message\":{\"content\":null}}]}"),
          new Reply(200, "{\"choices\":{}}"),
          new Reply(200, "[]"),
          new Reply(200, "\u0000\u0001not JSON"),
          new Reply(200, ""));

  /** A status and a JSON body. */
  private record Reply(int status, String json) {}

  private final Simulator simulator =
      new Simulator(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED), Instant.now());
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  /** Returns the targets that this server should not have asked for. */
  List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  /** Returns whether this is one of the unusual answers. */
  static boolean saysSo(int status, String body) {
    return ODD.contains(new Reply(status, body));
  }

  @Override
  public SimulatorReply reply(SimulatorRequest request, Instant now) {
    if (!request.target().matches(TARGETS)) {
      unexpected.add(request.method() + " " + request.target());
    }
    boolean models = request.method().equals("GET") && request.target().contains("models");
    int hash =
        Math.floorMod(request.bodyText().hashCode() * 31 + request.target().hashCode(), 1009);
    if (!models && hash % 16 == 0 && !request.bodyText().contains(RequestFuzzIT.ORDINARY)) {
      Reply odd = ODD.get(hash / 16 % ODD.size());
      return json(odd.status, odd.json);
    }
    boolean relayed = request.path().matches("/v1/(responses|messages|decisions|rerank).*");
    if (!relayed) {
      return simulator.reply(request, now);
    }
    return request.bodyText().contains("\"stream\":true")
        ? events()
        : json(hash % 8 == 1 ? 422 : 200, "{\"id\":\"" + RELAYED + "\"}");
  }

  private static SimulatorReply json(int status, String json) {
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json; charset=utf-8",
            "Content-Length",
            "" + json.getBytes(UTF_8).length);
    return new SimulatorReply(
        status, headers, Duration.ZERO, false, List.of(Frame.of(Duration.ZERO, json)));
  }

  private static SimulatorReply events() {
    List<Frame> frames = new ArrayList<>();
    for (String event : List.of("response.created", "response.delta", "response.completed")) {
      frames.add(
          Frame.of(
              Duration.ZERO,
              "event: %s\ndata: {\"type\":\"%s\",\"x\":\"%s\"}\n\n"
                  .formatted(event, event, RELAYED)));
    }
    return new SimulatorReply(
        200, Map.of("Content-Type", "text/event-stream"), Duration.ZERO, true, frames);
  }
}
