package ee.lmstudio.http.filter;

import ee.lmstudio.access.AccessBeans;
import ee.lmstudio.access.Caller;
import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.config.Readiness;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.http.body.RequestBodies;
import ee.lmstudio.http.session.BrowserSignIn;
import ee.lmstudio.http.session.DemoLink;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The filter with everything behind it, wired by hand, and a clock that tests turn. */
public final class Gate {
  public static final String ANN = "canary-token-of-ann";
  static final String ADMIN = "canary-token-of-admin";

  final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  final AccessBeans access;
  final BrowserSignIn browsers;
  final ApiGate gate = new ApiGate();
  private final AccessFilter filter = new AccessFilter();

  /** Happens while the application has the request. */
  Runnable meanwhile = () -> {};

  /** What the application got, null if nothing. */
  HttpServletRequest passed;

  static Gate withTokens() {
    return new Gate(settingsWithTokens());
  }

  public static ServerSettings settingsWithTokens() {
    return settings(
        List.of(
            new AccessToken("ann", Secret.of(ANN), false),
            new AccessToken("root", Secret.of(ADMIN), true)),
        Environment.PRODUCTION,
        true);
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
        new ServerSettings.Features(false, false),
        environment,
        tokens,
        "127.0.0.1",
        names,
        List.of(CidrBlock.parse("10.0.0.0/8")),
        1024,
        List.of(),
        new ServerSettings.Bodies(Duration.ofSeconds(30), 4, 4096),
        new ServerSettings.Streams(
            0, 0, second(), 0, second(), second(), second(), second(), second(), second()),
        new ServerSettings.Listeners(0, 0),
        new ServerSettings.Guards(0, second(), 0, 0),
        Readiness.SELF,
        Duration.ZERO,
        Path.of("target"),
        0,
        simulator);
  }

  private static Duration second() {
    return Duration.ofSeconds(1);
  }

  Gate(ServerSettings settings) {
    access = new AccessBeans(settings);
    browsers = new BrowserSignIn(access.signIn, access.sessions);
    filter.settings = settings;
    filter.gate = gate;
    filter.address = new ServerAddress(() -> settings);
    filter.demoLink =
        new DemoLink(
            access.tokens, filter.address, new PrintStream(printed, true, StandardCharsets.UTF_8));
    filter.tokens = access.tokens;
    filter.authentication = access.authentication;
    filter.signIn = browsers;
    filter.bodies = new RequestBodies(settings, null);
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
