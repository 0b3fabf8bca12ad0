package ee.lmstudio.http.filter;

import ee.lmstudio.access.AccessTokens;
import ee.lmstudio.access.Authentication;
import ee.lmstudio.access.Caller;
import ee.lmstudio.access.Credentials;
import ee.lmstudio.access.Identity;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.SecurityHeaders;
import ee.lmstudio.http.body.Party;
import ee.lmstudio.http.body.RequestBodies;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.session.BrowserSignIn;
import ee.lmstudio.http.session.DemoLink;
import ee.lmstudio.http.session.Redirect;
import ee.lmstudio.http.session.SessionCookie;
import ee.lmstudio.http.session.SignInLink;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.server.PackagedServer;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * The gate that every request passes. It looks for a refusal in this order, with the rules of the
 * request's {@link Route}: 400 for a request that cannot be read, 421 for a foreign host name, 401
 * for callers that are not signed in, 403 for requests of other web sites and for features that are
 * off, 503 while the API is off or not ready, then 405 and 413. {@link Refusals} has the checks. A
 * request that passes knows its {@link Caller}, and {@link RequestBodies} passes it on when its
 * body is in memory or in a file.
 */
@WebFilter(filterName = "access", urlPatterns = "/*", asyncSupported = true)
public class AccessFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  @Inject transient ServerSettings settings;
  @Inject transient ServerAddress address;
  @Inject transient DemoLink demoLink;
  @Inject transient AccessTokens tokens;
  @Inject transient Authentication authentication;
  @Inject transient BrowserSignIn signIn;
  @Inject transient RequestBodies bodies;
  @Inject transient ApiGate gate;

  @Override
  public void init() {
    PackagedServer.checkHosts(
        (host, called) -> Refusals.isForeign(host, called, settings.allowedServerNames()));
  }

  @Override
  protected void doFilter(
      HttpServletRequest direct, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    address.learnPort(direct.getLocalPort());
    demoLink.printOnce();
    GrizzlyRequest connection = GrizzlyRequest.of(direct);
    if (!connection.makeRoom()) {
      stopAnswering(direct);
      return;
    }
    if (direct.getHeader("Upgrade") != null) {
      connection.declineUpgrade();
    }
    if (connection.endsTurn()) {
      response.setHeader("Connection", "close");
    }
    admit(ForwardedRequest.of(direct, settings.trustedProxies()), response, chain);
  }

  /**
   * Leaves a request of a closed connection without an answer. While it is suspended, Grizzly does
   * not go on to the requests that the client has sent behind it, and nothing holds it but the
   * connection.
   */
  private static void stopAnswering(HttpServletRequest request) {
    if (request.isAsyncSupported()) {
      request.startAsync().setTimeout(0);
    }
  }

  private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Route route = RouteTable.assign(request, settings.simulator());
    setHeaders(request, response, route);
    Optional<ApiError> refusal =
        Refusals.unreadable(request)
            .or(() -> Refusals.foreignHost(route, request, settings.allowedServerNames()));
    if (refusal.isPresent()) {
      refuse(route, refusal.get(), request, response);
    } else if (route.needsSignIn()) {
      admitCaller(route, request, response, chain);
    } else {
      admitAnybody(route, request, response, chain);
    }
  }

  private static void setHeaders(
      HttpServletRequest request, HttpServletResponse response, Route route) {
    String id = RequestId.accept(request.getHeader(RequestId.HEADER));
    RequestId.set(request, id);
    response.setHeader(RequestId.HEADER, id);
    response.setHeader("Cache-Control", route.cacheControl());
    SecurityHeaders.set(response);
  }

  private void admitCaller(
      Route route, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (SignInLink.isFollowedBy(request)) {
      SignInLink.follow(signIn, request, response);
      return;
    }
    if (route.isApi() && !tokens.anyConfigured()) {
      // Nobody can sign in, so nobody would ever see this error if 401 came first.
      ApiError error = switchedOff(route).orElseGet(AccessErrors::notConfigured);
      refuse(route, error, request, response);
      return;
    }
    Identity identity = authentication.identify(credentials(request));
    Optional<ApiError> refusal =
        Refusals.anonymous(identity)
            .or(() -> Refusals.crossSite(identity, request))
            .or(() -> Refusals.featureOff(route, settings))
            .or(() -> switchedOff(route))
            .or(() -> Refusals.notReady(route, identity, gate))
            .or(() -> Refusals.overLimits(route, request, settings));
    if (refusal.isPresent()) {
      refuse(route, refusal.get(), request, response);
    } else {
      pass(identity, request, response, chain);
    }
  }

  private static Credentials credentials(HttpServletRequest request) {
    return new Credentials(
        Credentials.token(request.getHeader("Authorization"), request.getHeader("x-api-key")),
        SessionCookie.read(request),
        request.getRemoteAddr());
  }

  private Optional<ApiError> switchedOff(Route route) {
    return route.isApi() && !settings.enabled()
        ? Optional.of(AccessErrors.switchedOff())
        : Optional.empty();
  }

  private void admitAnybody(
      Route route, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Identity identity = authentication.bySession(SessionCookie.read(request));
    Optional<ApiError> refusal =
        Refusals.crossSite(identity, request)
            .or(() -> Refusals.overLimits(route, request, settings));
    if (refusal.isPresent()) {
      refuse(route, refusal.get(), request, response);
    } else {
      boolean file = route.access() == Route.Access.FILES;
      pass(identity, request, file ? new FileResponse(response) : response, chain);
    }
  }

  private void pass(
      Identity identity,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    switch (identity) {
      case Identity.ByToken(Caller caller) -> passCaller(caller, request, response, chain);
      case Identity.BySession(Caller caller) -> passCaller(caller, request, response, chain);
      default -> {
        boolean simulated = RouteTable.of(request).access() == Route.Access.SIMULATOR;
        Party party = simulated ? Party.SIMULATOR : Party.stranger(request.getRemoteAddr());
        bodies.pass(party, request, response, chain);
      }
    }
  }

  private void passCaller(
      Caller caller, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    bodies.pass(Party.caller(caller.name()), new SignedInRequest(request, caller), response, chain);
  }

  private void refuse(
      Route route, ApiError error, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    bodies.refuse(request, response, () -> answer(route, error, request, response));
  }

  private static void answer(
      Route route, ApiError error, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (error.code()) {
      case UNAUTHENTICATED -> {
        if (route.errors() == Route.ErrorFormat.PAGE) {
          Redirect.to(request, response, RouteTable.LOGIN);
          return;
        }
      }
      case METHOD_NOT_ALLOWED -> response.setHeader("Allow", route.limits().allow());
      // The next bytes on the connection may be the rest of this request.
      case MALFORMED_REQUEST -> response.setHeader("Connection", "close");
      default -> {
        // The error already describes the failure.
      }
    }
    ErrorAnswer.write(request, response, error);
  }
}
