package ee.lmstudio.hostile;

import static ee.lmstudio.hostile.Attacker.ALICE;
import static ee.lmstudio.hostile.Attacker.CLOSED;
import static ee.lmstudio.hostile.Attacker.FORM;
import static ee.lmstudio.hostile.Attacker.JSON;
import static ee.lmstudio.hostile.Attacker.ROOT;
import static ee.lmstudio.hostile.Attacker.SILENT;
import static ee.lmstudio.hostile.Attacker.get;
import static ee.lmstudio.hostile.Attacker.post;
import static ee.lmstudio.hostile.Attacker.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.BodyShape;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What one caller, strangers or LM Studio do to the server, each in a small and a whole size. */
enum Attack {
  LISTENERS("listeners of one stream of 15 MB that never read", 60, 240, Attack::listeners),
  STATES("GET streams/{id} of 15 MB as JSON, never read", 60, 240, Attack::states),
  PIPELINE("connections with 60 requests each, never read", 20, 200, Attack::pipeline),
  HALF_BODIES("half bodies of one token", 100, 250, by -> by.hold(halfBody())),
  DRIPPED_BODIES(
      "bodies of one token, a byte every 2 s", 100, 250, by -> by.drip(halfBody(), "x", 2000)),
  UNREAD_BODIES(
      "bodies of 7.8 MB of one token without their last byte", 10, 60, by -> by.hold(longBody())),
  WIDE_BODIES("refused bodies of 7 MB of one token, 8 at a time", 2, 40, Attack::wide),
  SHAPES(
      "bodies of 1 MiB of every shape of one token",
      BodyShape.values().length,
      10 * BodyShape.values().length,
      Attack::shapes),
  FORMS("strangers who drip POST /login", 60, 250, by -> by.drip(halfForm(), "x", 2000)),
  SLOW_HEADERS(
      "half requests, a byte of a header every 2 s",
      100,
      1000,
      by -> by.drip("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ", "x", 2000)),
  LONG_HEADS(
      "heads of 15 KiB without their end, from many addresses",
      3000,
      15_000,
      by -> by.holdFromManyAddresses(longHead())),
  EARLY_REQUESTS(
      "connections with 60 × GET /login at once, never read, from many addresses",
      3000,
      12_000,
      by -> by.holdFromManyAddresses(get("/login", "X: " + "x".repeat(200) + "\r\n").repeat(60))),
  EARLY_FORMS(
      "connections with 60 × POST /login in chunks at once, never read, from many addresses",
      3000,
      12_000,
      by -> by.holdFromManyAddresses(chunkedForm().repeat(60))),
  LONG_HALF_BODIES(
      "half bodies of 60 KB of one token, from many addresses",
      3000,
      12_000,
      by -> by.holdFromManyAddresses(longHalf(ROOT + "infer", ALICE + JSON))),
  LONG_HALF_FORMS(
      "half POST /login of 60 KB, from many addresses",
      3000,
      12_000,
      by -> by.holdFromManyAddresses(longHalf("/login", FORM))),
  UNREAD_HALF_BODIES(
      "half bodies of 60 KB that no route reads, from many addresses",
      3000,
      12_000,
      by -> by.holdFromManyAddresses(longHalf("/nothing-here", FORM))),
  IDLE("connections that send nothing", 200, 9000, by -> by.holdFromManyAddresses("")),
  BAD_FORMS("forms and conversations that are not valid", 50, 3000, Attack::badForms),
  BROKEN_CHUNKS("malformed chunks", 50, 3000, by -> by.flood(8, n -> brokenChunks())),
  TWO_LENGTHS("requests with two lengths", 50, 3000, by -> by.flood(8, n -> twoLengths())),
  UNKNOWN_METHODS("unknown methods and foreign hosts", 50, 3000, Attack::unknown),
  WIDE_HEADERS("headers of 14 KiB", 50, 3000, by -> by.flood(8, Attack::wideHeaders)),
  WRONG_TOKENS("wrong tokens, each another one", 100, 5000, Attack::wrongTokens),
  LOGIN_PAGES("GET /login without a cookie", 100, 5000, by -> by.flood(8, n -> get("/login", ""))),
  CROWDED_PAGES(
      "connections that ask for GET /login again and again",
      200,
      1000,
      by -> by.flood(by.size, n -> get("/login", ""))),
  STORM(
      "new connections a second for one GET /login each, from many addresses",
      100,
      2000,
      by -> by.storm(get("/login", "Connection: close\r\n"))),
  LIVE_UNREAD(
      "connections with 240 × GET /health/live and a malformed head, never read",
      100,
      1000,
      by -> by.hold(get("/login", "") + get("/health/live", "").repeat(240) + get("/%zz", ""))),
  NEW_NAMES("requests with another id, path, type or cursor each", 200, 8000, Attack::newNames),
  SIGN_INS("sign-ins of one token", 100, 11_000, by -> by.flood(8, n -> signIn())),
  MODEL_LISTS("lists of models for one token, 100 at a time", 100, 5000, Attack::modelLists),
  SHORT_STREAMS("short streams of one token, and their lists", 64, 5000, Attack::shortStreams),
  INTERIM("LM Studio sends 200,000 interim answers", 2, 20, Attack::interim),
  HUGE_NUMBERS("LM Studio sends 1e999999999 and 100,000 digits", 2, 40, Attack::hugeNumbers),
  TOOL_CALLS("LM Studio sends 21,000 tool calls", 2, 20, Attack::toolCalls),
  SILENT_BYTES("LM Studio sends 70 MB without an event", 1, 4, Attack::silentBytes),
  MANY_MODELS("LM Studio lists 200,000 models", 2, 20, Attack::manyModels),
  LEFT_STREAMS("streams without end whose client leaves", 100, 1000, Attack::leftStreams),
  GROWING_STATES(
      "GET streams/{id} as JSON, never read, while 2 MiB of tool calls grow",
      60,
      240,
      Attack::growingStates),
  CATCHING_UP("listeners that read a stream of 15 MB as fast as they can", 30, 90, Attack::catchUp);

  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String CHAT =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":%s}";
  private static final String WHOLE = CHAT.formatted(false);
  private static final int MANY = 200_000;

  /** Begins an attack, which goes on until the attacker is closed. */
  private interface Start {
    void begin(Attacker by) throws Exception;
  }

  private final String title;
  private final int small;
  private final int whole;
  private final Start start;

  Attack(String title, int small, int whole, Start start) {
    this.title = title;
    this.small = small;
    this.whole = whole;
    this.start = start;
  }

  String title(boolean large) {
    return size(large) + " × " + title;
  }

  int size(boolean large) {
    return large ? whole : small;
  }

  void begin(Attacker by) throws Exception {
    start.begin(by);
  }

  /** Returns whether LM Studio's list of models may be unusable meanwhile. */
  boolean spoilsModels() {
    return this == MANY_MODELS;
  }

  /**
   * Returns what the attacker may get: statuses, {@link Attacker#CLOSED}, or {@link
   * Attacker#SILENT} if a held connection waits. The first must occur; otherwise the server was not
   * attacked.
   */
  List<String> outcomes() {
    return switch (this) {
      case LISTENERS, STATES, PIPELINE, LOGIN_PAGES -> List.of("200");
      case LONG_HEADS, EARLY_REQUESTS, EARLY_FORMS -> List.of(CLOSED, SILENT, "200", "503");
      case LONG_HALF_BODIES, LONG_HALF_FORMS, UNREAD_HALF_BODIES ->
          List.of(SILENT, CLOSED, "303", "408", "429", "503");
      case HALF_BODIES, DRIPPED_BODIES, UNREAD_BODIES, FORMS ->
          List.of(SILENT, "408", "429", "503", CLOSED);
      case SLOW_HEADERS, IDLE -> List.of(SILENT, CLOSED);
      case GROWING_STATES -> List.of("429", "200");
      case CATCHING_UP, LEFT_STREAMS -> List.of("200", "429", "503", CLOSED);
      case WIDE_BODIES, SHAPES ->
          List.of("422", "200", "202", "400", "413", "429", "502", "503", CLOSED);
      case BAD_FORMS -> List.of("400", "413", "503", CLOSED);
      case BROKEN_CHUNKS -> List.of("400", "429", "503", CLOSED);
      case TWO_LENGTHS -> List.of("400", CLOSED);
      case UNKNOWN_METHODS -> List.of("421", "400", "405", "501", CLOSED);
      case WIDE_HEADERS -> List.of("200", "400", "406", "431", CLOSED);
      case WRONG_TOKENS -> List.of("401", "429");
      case CROWDED_PAGES, STORM, LIVE_UNREAD -> List.of("200", "503", CLOSED);
      case NEW_NAMES -> List.of("404", "200", "302", "401", "405", "415", "422", "429");
      case SIGN_INS -> List.of("303", "503", CLOSED);
      case MODEL_LISTS -> List.of("200", "429", "503");
      case SHORT_STREAMS -> List.of("200", "202", "429", "503");
      case HUGE_NUMBERS -> List.of("200", "429", "502", "503", "504");
      case INTERIM, TOOL_CALLS, SILENT_BYTES, MANY_MODELS ->
          List.of("502", "200", "429", "503", "504");
    };
  }

  private static String longHead() {
    String headers = ("X: " + "x".repeat(497) + "\r\n").repeat(30);
    return get("/health/live", headers).stripTrailing();
  }

  private static String halfBody() {
    return request(
        "POST", ROOT + "infer", ALICE + JSON + "Content-Length: 20000\r\n", "{\"prompt\":\"");
  }

  private static String longBody() {
    int bytes = 7_800_000;
    String headers = ALICE + JSON + "Content-Length: " + (bytes + 12) + "\r\n";
    return request("POST", ROOT + "infer", headers, "{\"prompt\":\"" + "x".repeat(bytes));
  }

  private static String halfForm() {
    return request("POST", "/login", FORM + "Content-Length: 2000\r\n", "login=");
  }

  private static String chunkedForm() {
    return request("POST", "/login", FORM + CHUNKED, "3\r\na=b\r\n0\r\nT: v\r\n\r\n");
  }

  private static String longHalf(String path, String headers) {
    String half = "{\"prompt\":\"" + "x".repeat(59_000);
    return request("POST", path, headers + "Content-Length: 60000\r\n", half);
  }

  private static String infer(byte[] body) {
    return post(
        ROOT + "infer",
        ALICE + JSON + "Accept: application/json\r\n",
        new String(body, ISO_8859_1));
  }

  private static String infer(String body) {
    return infer(body.getBytes(ISO_8859_1));
  }

  private static void wide(Attacker by) {
    by.flood(8, inTurn(List.of(BodyShape.EMPTY_MESSAGES, BodyShape.ARRAY), 7 << 20));
  }

  private static void shapes(Attacker by) {
    by.flood(4, inTurn(List.of(BodyShape.values()), 1 << 20));
  }

  /** Makes the bodies before the attack, so that the attacker takes little of the processor. */
  private static IntFunction<String> inTurn(List<BodyShape> shapes, int bytes) {
    List<String> requests = shapes.stream().map(shape -> infer(shape.ofSize(bytes))).toList();
    return n -> requests.get(n % requests.size());
  }

  private static void listeners(Attacker by) throws Exception {
    by.hold(get(ROOT + "streams/" + by.longStream(), ALICE + "Accept: text/event-stream\r\n"));
  }

  private static void states(Attacker by) throws Exception {
    by.hold(get(ROOT + "streams/" + by.longStream(), ALICE + "Accept: application/json\r\n"));
  }

  private static void growingStates(Attacker by) throws Exception {
    by.hold(get(GrowingStream.start(by), ALICE + "Accept: application/json\r\n"));
  }

  private static void catchUp(Attacker by) throws Exception {
    String stream = ROOT + "streams/" + by.longStream();
    by.flood(by.size, n -> get(stream, ALICE + "Accept: text/event-stream\r\n"));
  }

  private static void pipeline(Attacker by) throws Exception {
    String state = get(ROOT + "streams/" + by.longStream(), ALICE);
    by.hold(
        get("/login", "").repeat(30) + state.repeat(15) + get(ROOT + "models", ALICE).repeat(15));
  }

  private static void badForms(Attacker by) {
    by.flood(
        8,
        n ->
            switch (n % 4) {
              case 0 -> post("/login", FORM, "login=login&jakarta.faces.ViewState=12:34");
              case 1 -> post("/login", FORM, "a=%zz");
              case 2 -> post("/login", FORM, "a=1&".repeat(10_000));
              default -> get("/login?cid=" + n, "");
            });
  }

  private static String brokenChunks() {
    return request("POST", ROOT + "infer", ALICE + JSON + CHUNKED, "zz\r\n{}\r\n");
  }

  private static String twoLengths() {
    return request("POST", "/login", FORM + "Content-Length: 4\r\n" + CHUNKED, "0\r\n\r\n");
  }

  private static void unknown(Attacker by) {
    by.flood(
        8,
        n ->
            n % 2 == 0
                ? request("FOO" + n, "/login", "", "")
                : get("/js", "").replace("localhost", "host-" + n + ".example"));
  }

  private static String wideHeaders(int n) {
    String wide =
        switch (n % 4) {
          case 0 -> "Accept: " + "a/b;q=0.1,".repeat(1400) + "*/*";
          case 1 -> "Accept-Language: " + "de-x;q=0.1,".repeat(1250) + "en";
          case 2 -> "Cookie: " + "lmstudio_session=x; ".repeat(700);
          default -> "If-None-Match: " + "\"x\",".repeat(3500) + "\"y\"";
        };
    return get(n % 8 < 4 ? "/login" : ROOT + "streams", ALICE + wide + "\r\n");
  }

  private static void wrongTokens(Attacker by) {
    by.flood(8, n -> get(ROOT + "models", "Authorization: Bearer wrong-" + n + "\r\n"));
  }

  private static void newNames(Attacker by) {
    by.flood(
        8,
        n ->
            switch (n % 8) {
              case 0 -> get(ROOT + "streams/x" + n, ALICE + "X-Request-Id: id-" + n + "\r\n");
              case 1 -> get(ROOT + "models?cursor=" + n, ALICE);
              case 2 -> get(ROOT + "models?limit=x" + n, ALICE);
              case 3 -> post(ROOT + "infer", ALICE + "Content-Type: a" + n + "/b\r\n", "{}");
              case 4 -> get("/jakarta.faces.resource/x" + n + ".js.xhtml?ln=l&con=c" + n, "");
              case 5 -> get("/js/x" + n + ".js", "Cookie: JSESSIONID=" + n + "\r\n");
              case 6 -> get("/x" + n + ".xhtml", "Accept-Language: x-" + n + "\r\n");
              default ->
                  get(ROOT + "streams", ALICE + "Accept: a" + n + "/b, application/json\r\n");
            });
  }

  private static String signIn() {
    return post("/login", FORM, Api.SIGN_IN + PayaraServer.ALICE);
  }

  private static void modelLists(Attacker by) {
    by.flood(100, n -> get(ROOT + "models", ALICE));
  }

  private static void shortStreams(Attacker by) {
    by.flood(8, n -> n % 8 == 0 ? get(ROOT + "streams", ALICE) : infer(CHAT.formatted(true)));
  }

  private static void leftStreams(Attacker by) {
    for (int i = 0; i < by.size; i++) {
      Script endless = Script.respondWith(200, "text/event-stream").body(Chunks.text("a"));
      by.answer(endless.thenStayOpen());
    }
    String accept = ALICE + JSON + "Accept: text/event-stream\r\n";
    by.abandon(8, n -> post(ROOT + "infer", accept, CHAT.formatted(true)));
  }

  private static void interim(Attacker by) {
    byte[] raw = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(MANY).getBytes(ISO_8859_1);
    askWhole(by, Script.respondWithRaw(raw));
  }

  private static void hugeNumbers(Attacker by) {
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%s}}\n\n";
    askWhole(
        by,
        Script.respondWithEvents(
            usage.formatted("1e999999999") + usage.formatted("7".repeat(100_000)) + Chunks.end()));
  }

  private static void toolCalls(Attacker by) {
    Script script = Script.respondWith(200, "text/event-stream");
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < 21_000; i++) {
      calls.append(
          Chunks.delta("{\"tool_calls\":[{\"index\":" + i + ",\"function\":{\"name\":\"f\"}}]}"));
    }
    askWhole(
        by,
        script.bodyInPieces(calls.append(Chunks.end()).toString().getBytes(ISO_8859_1), 1 << 16));
  }

  private static void silentBytes(Attacker by) {
    Script script = Script.respondWith(200, "text/event-stream");
    String comments = ": silent\n".repeat(1 << 13);
    for (int i = 0; i < 70_000_000 / comments.length(); i++) {
      script.body(comments);
    }
    askWhole(by, script);
  }

  /** Alice asks for as many whole answers as there are such scripts, two at a time. */
  private static void askWhole(Attacker by, Script script) {
    IntStream.range(0, by.size).forEach(i -> by.answer(script));
    by.flood(2, n -> infer(WHOLE));
  }

  private static void manyModels(Attacker by) {
    StringBuilder list = new StringBuilder("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < MANY; i++) {
      list.append("{\"id\":\"m").append(i).append("\",\"object\":\"model\"},");
    }
    String json = list.append("{\"id\":\"last\",\"object\":\"model\"}]}").toString();
    for (int i = 0; i < by.size; i++) {
      by.listModels(Script.respondWithJson(200, json));
    }
    by.flood(2, n -> get(ROOT + "models?limit=1000", ALICE));
  }
}
