package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.events.ListenerWatch;
import ee.lmstudio.http.filter.Gate;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of a request from the access filter to the application, while its body arrives. */
class RequestBodiesTest {
  private static final String INFER = "/api/v1/ai/lmstudio/infer";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Party ANN = Party.caller("ann");
  private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();

  private long nanos;
  private final RequestBodies bodies =
      new RequestBodies(
          Gate.settingsWithTokens(), new ListenerWatch(), () -> nanos, 100L * 1024 * 1024);

  /** The bodies that the application got. */
  private final List<String> got = new ArrayList<>();

  private final FilterChain application =
      (request, response) ->
          got.add(
              request.getParameterMap().isEmpty()
                  ? new String(request.getInputStream().readAllBytes(), UTF_8)
                  : String.valueOf(request.getParameter("a")));

  @BeforeEach
  void begin() {
    bodies.begin();
  }

  private static FakeHttp sending(String path, String length, String sent, String type) {
    FakeHttp http = FakeHttp.post(path).with("Content-Length", length).with("Content-Type", type);
    http.sent = new ByteArrayInputStream(sent.getBytes(UTF_8));
    http.allSent = sent.length() >= Integer.parseInt(length);
    RouteTable.assign(http.request(), false);
    return http;
  }

  private FakeHttp pass(Party party, FakeHttp http) throws Exception {
    bodies.pass(party, http.request(), http.response(), application);
    return http;
  }

  private FakeHttp passHalf(Party party) throws Exception {
    return pass(party, sending(INFER, "9", "{", "application/json"));
  }

  private static void more(FakeHttp http, String sent) throws IOException {
    http.sent = new ByteArrayInputStream(sent.getBytes(UTF_8));
    http.listener.onDataAvailable();
  }

  /** The container dispatches a request, and decodes its path a second time. */
  private void dispatch(FakeHttp http, String path) throws Exception {
    assertThat(http.suspended.poll(30, TimeUnit.SECONDS)).isEqualTo("dispatch");
    BodyExchange exchange = BodyExchange.of(http.request());
    HttpServletRequest dispatched =
        new HttpServletRequestWrapper(exchange.passed()) {
          @Override
          public String getServletPath() {
            return path;
          }
        };
    bodies.resume(exchange, dispatched, http.response(), application);
  }

  private static FakeHttp answered(FakeHttp http) throws Exception {
    assertThat(http.suspended.poll(30, TimeUnit.SECONDS)).isEqualTo("complete");
    return http;
  }

  @Test
  void bodyThatCameWithItsHeaders_isPassedOnAtOnce() throws Exception {
    FakeHttp http = pass(ANN, sending(INFER, "2", "{}", "application/json"));
    assertThat(got).containsExactly("{}");
    assertThat(http.suspended).isEmpty();
  }

  @Test
  void bodyThatComesLater_isPassedOnWhenItIsThere() throws Exception {
    FakeHttp http = passHalf(ANN);
    more(http, "\"a\"");
    assertThat(http.suspended).isEmpty();
    more(http, ":[7]}");
    assertThat(got).isEmpty();
    dispatch(http, INFER);
    assertThat(got).containsExactly("{\"a\":[7]}");
    assertThat(http.suspended).as("the container completes it").isEmpty();
  }

  @Test
  void dispatchToAnotherPath_isNotFound() throws Exception {
    FakeHttp http = passHalf(ANN);
    more(http, "\"a\":[7]}");
    dispatch(http, "/login");
    assertThat(http.status).isEqualTo(404);
    assertThat(got).isEmpty();
  }

  @Test
  void oneUnfinishedBodyTooMany_isRefusedUntilAnotherHasArrived() throws Exception {
    List<FakeHttp> halves = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      halves.add(passHalf(ANN));
    }
    FakeHttp tooMany = passHalf(ANN);
    assertThat(tooMany.suspended).as("answered at once").isEmpty();
    assertThat(tooMany.status).isEqualTo(429);
    assertThat(tooMany.answer("Retry-After")).isEqualTo("1");
    assertThat(tooMany.text()).contains("rate_limited", "limit 4");
    assertThat(passHalf(Party.caller("bob")).suspended).isEmpty();
    more(halves.get(0), "\"a\":[7]}");
    assertThat(passHalf(ANN).suspended).isEmpty();
  }

  @Test
  void strangerWithTooManyForms_losesTheOldestOne() throws Exception {
    Party stranger = Party.stranger("192.0.2.7");
    List<FakeHttp> forms = new ArrayList<>();
    for (int i = 0; i <= UnfinishedBodies.MAX_PER_ADDRESS; i++) {
      forms.add(pass(stranger, sending("/login", "90", "a=", FORM)));
    }
    assertThat(answered(forms.get(0)).status).isEqualTo(503);
    assertThat(forms.get(0).answer("Connection")).isEqualTo("close");
    assertThat(forms.subList(1, forms.size())).allMatch(form -> form.suspended.isEmpty());
    pass(stranger, sending("/login", "5", "a=b+c", FORM));
    assertThat(got).as("a form that arrives at once").containsExactly("b c");
  }

  @Test
  void bodyThatIsLate_is408AndTheConnectionIsClosed() throws Exception {
    FakeHttp http = passHalf(ANN);
    bodies.look();
    assertThat(http.suspended).isEmpty();
    nanos += Duration.ofSeconds(31).toNanos();
    bodies.look();
    assertThat(answered(http).status).isEqualTo(408);
    assertThat(http.text()).contains("request_timeout");
    assertThat(http.answer("Connection")).isEqualTo("close");
    bodies.look();
    more(http, "\"a\":[7]}");
    assertThat(http.suspended).as("it is answered once").isEmpty();
  }

  @Test
  void requestWhoseTurnDoesNotCome_is503() throws Exception {
    String large = "{\"" + "a".repeat(RequestBodies.LARGE) + "\":7}";
    String length = String.valueOf(large.length());
    List<FakeHttp> all = new ArrayList<>();
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      FakeHttp http = sending("/simulator/v1/chat/completions", length, large, "application/json");
      all.add(pass(Party.SIMULATOR, http));
    }
    FakeHttp last = all.removeLast();
    for (FakeHttp http : all) {
      assertThat(http.suspended.remove()).isEqualTo("dispatch");
      assertThat(BodyExchange.of(http.request()).begin()).isTrue();
    }
    assertThat(last.suspended).as("as many as there are cores are processed").isEmpty();
    nanos += BodyExchange.TURN.toNanos();
    bodies.look();
    assertThat(answered(last).status).isEqualTo(503);
    assertThat(BodyExchange.of(last.request()).begin()).isFalse();
  }

  /** Fills the gate for large bodies with bodies of few bytes and many values. */
  private List<FakeHttp> passLarge(int count) throws Exception {
    String values = "[" + "{\"\":0},".repeat(RequestBodies.LARGE / 8) + "0]";
    assertThat(values).hasSizeLessThan(RequestBodies.LARGE);
    List<FakeHttp> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FakeHttp http =
          sending(
              "/simulator/v1/chat/completions",
              String.valueOf(values.length()),
              values.substring(0, values.length() - i % 2),
              "application/json");
      all.add(pass(Party.SIMULATOR, http));
      if (i % 2 == 1) {
        more(http, "]"); // Its last byte comes late.
      }
    }
    return all;
  }

  @Test
  void bodiesOfManyValues_waitForTheirTurnAsLargeOnes() throws Exception {
    List<FakeHttp> all = passLarge(AT_ONCE + 2);
    assertThat(got).isEmpty();
    assertThat(all.subList(0, AT_ONCE)).allMatch(http -> http.suspended.contains("dispatch"));
    assertThat(all.subList(AT_ONCE, AT_ONCE + 2)).allMatch(http -> http.suspended.isEmpty());
    dispatch(all.get(0), "/simulator/v1/chat/completions");
    assertThat(got).hasSize(1);
    assertThat(all.get(AT_ONCE).suspended).containsExactly("dispatch");
    assertThat(all.get(AT_ONCE + 1).suspended).isEmpty();
  }

  @Test
  void clientThatLeftBeforeItsTurn_disturbsNoOtherRequest() throws Exception {
    List<FakeHttp> all = passLarge(AT_ONCE + 2);
    all.get(AT_ONCE).gone = true;
    dispatch(all.get(0), "/simulator/v1/chat/completions");
    assertThat(all.get(AT_ONCE).suspended).isEmpty();
    assertThat(all.get(AT_ONCE + 1).suspended).containsExactly("dispatch");
  }

  @Test
  void dispatchThatComesTooLate_isAnsweredByTheContainersThread() throws Exception {
    FakeHttp http = passHalf(ANN);
    more(http, "\"a\":[7]}");
    nanos += BodyExchange.TURN.toNanos();
    bodies.look();
    dispatch(http, INFER);
    assertThat(http.status).isEqualTo(503);
    assertThat(http.text()).contains("too busy");
    assertThat(got).isEmpty();
    assertThat(http.suspended).as("the container completes it").isEmpty();
  }

  @Test
  void bodyCrowdedOutWhileTheContainerTakesItsListener_isAnsweredOnce() throws Exception {
    Party stranger = Party.stranger("192.0.2.7");
    FakeHttp first = sending("/login", "90", "a=", FORM);
    first.whileListening =
        () -> {
          for (int i = 0; i < UnfinishedBodies.MAX_PER_ADDRESS; i++) {
            assertThatCode(() -> pass(stranger, sending("/login", "90", "a=", FORM)))
                .doesNotThrowAnyException();
          }
        };
    pass(stranger, first);
    assertThat(answered(first).status).isEqualTo(503);
    bodies.look();
    assertThat(first.suspended).isEmpty();
  }

  @Test
  void whatIsWrittenAfterAnError_isDropped() throws Exception {
    FakeHttp http = sending(INFER, "9", "{", "application/json");
    HttpServletResponse response = BodyExchange.withOwnErrors(http.request(), http.response());
    response.sendError(404);
    String error = http.text();
    response.getOutputStream().print("and more");
    assertThat(http.text()).isEqualTo(error).contains("not_found");
    assertThat(http.answer("Content-Length")).isEqualTo(String.valueOf(error.length()));
    http.committed = true;
    assertThatIllegalStateException().isThrownBy(() -> response.sendError(400));
  }

  @Test
  void bodyOverTheLimit_isAnnouncedToTheApplicationOnly() throws Exception {
    FakeHttp http = FakeHttp.post(INFER).with("Transfer-Encoding", "chunked");
    http.sent = new ByteArrayInputStream(new byte[2000]);
    RouteTable.assign(http.request(), false);
    bodies.pass(
        ANN,
        http.request(),
        http.response(),
        (request, response) -> {
          assertThat(request.getContentLengthLong()).isEqualTo(2000);
          assertThat(request.getInputStream().read()).isEqualTo(-1);
          got.add("told");
        });
    assertThat(got).containsExactly("told");
    assertThat(http.answer("Connection")).isEqualTo("close");
  }

  @Test
  void formThatCannotBeDecoded_is400() throws Exception {
    FakeHttp http = pass(ANN, sending("/login", "5", "a=%zz", FORM));
    assertThat(http.status).isEqualTo(400);
    assertThat(got).isEmpty();
  }

  /** Payara would read the parts, and fail with 500 if the type has no boundary. */
  @Test
  void formWithParts_is415() throws Exception {
    FakeHttp http = pass(ANN, sending("/login", "5", "--a--", "Multipart/form-data"));
    assertThat(http.status).isEqualTo(415);
    assertThat(got).isEmpty();
  }

  @Test
  void refusedUpgrade_isAnsweredWhenItsBodyIsThere() throws Exception {
    FakeHttp http = sending(INFER, "9", "{", "application/json").with("Upgrade", "h2c");
    bodies.refuse(http.request(), http.response(), () -> http.response().setStatus(401));
    assertThat(http.status).isEqualTo(200);
    more(http, "\"a\":[7]}");
    assertThat(answered(http).status).isEqualTo(401);
  }

  @Test
  void refusedUpgradeWhoseBodyIsLate_isAnsweredAllTheSame() throws Exception {
    FakeHttp http = sending(INFER, "9", "{", "application/json").with("Upgrade", "h2c");
    bodies.refuse(http.request(), http.response(), () -> http.response().setStatus(401));
    nanos += Duration.ofSeconds(31).toNanos();
    bodies.look();
    assertThat(answered(http).status).isEqualTo(401);
  }
}
