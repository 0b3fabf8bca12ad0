package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.config.Readiness;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The filter with everything behind it, wired by hand, and a clock that tests turn. */
final class Gate {
  static final String ANN = "canary-token-of-ann";
  static final String ADMIN = "canary-token-of-admin";

  final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  final AccessTokens tokens = new AccessTokens();
  final Sessions sessions = new Sessions(() -> now());
  final SignIn signIn = new SignIn(() -> now());
  private final AccessFilter filter = new AccessFilter();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** Happens while the application has the request. */
  Runnable meanwhile = () -> {};

  /** What the application got, null if nothing. */
  HttpServletRequest passed;

  static Gate withTokens() {
    return new Gate(
        settings(
            List.of(
                new AccessToken("ann", Secret.of(ANN), false),
                new AccessToken("root", Secret.of(ADMIN), true)),
            Environment.PRODUCTION,
            true));
  }

  static ServerSettings settings(
      List<AccessToken> tokens, Environment environment, boolean enabled) {
    return settings(tokens, environment, enabled, List.of(), false);
  }

  static ServerSettings settings(
      List<AccessToken> tokens,
      Environment environment,
      boolean enabled,
      List<String> names,
      boolean simulator) {
    return new ServerSettings(
        enabled,
        environment,
        tokens,
        "127.0.0.1",
        names,
        List.of(CidrBlock.parse("10.0.0.0/8")),
        1024,
        new ServerSettings.Streams(
            0, 0, second(), 0, second(), second(), second(), second(), second()),
        new ServerSettings.Guards(0, second(), 0, 0),
        Readiness.SELF,
        simulator);
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }

  Gate(ServerSettings settings) {
    tokens.use(settings);
    sessions.tokens = tokens;
    signIn.tokens = tokens;
    signIn.sessions = sessions;
    Authentication authentication = new Authentication();
    authentication.signIn = signIn;
    authentication.sessions = sessions;
    ServerAddress address = new ServerAddress(() -> settings);
    DemoLink link = new DemoLink(new PrintStream(printed, true, StandardCharsets.UTF_8));
    link.tokens = tokens;
    link.address = address;
    filter.settings = settings;
    filter.address = address;
    filter.demoLink = link;
    filter.tokens = tokens;
    filter.authentication = authentication;
    filter.signIn = signIn;
  }

  private Instant now() {
    return now;
  }

  void later(Duration time) {
    now = now.plus(time);
  }

  /** Sends a request through; {@link #passed} tells what came out at the other end. */
  FakeHttp send(FakeHttp http) {
    passed = null;
    try {
      filter.doFilter(
          http.request(),
          http.response(),
          (request, response) -> {
            passed = (HttpServletRequest) request;
            meanwhile.run();
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
    return http;
  }

  /** Signs in by link and returns the id of the session. */
  String openSession(String token) {
    FakeHttp http = send(FakeHttp.get("/ai/lmstudio/demo?token=" + token));
    return http.answer("Set-Cookie").replaceAll(".*?=([0-9a-f]+);.*", "$1");
  }

  Caller caller() {
    return passed == null ? null : (Caller) passed.getUserPrincipal();
  }
}
