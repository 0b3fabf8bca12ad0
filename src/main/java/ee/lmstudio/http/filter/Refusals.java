package ee.lmstudio.http.filter;

import ee.lmstudio.access.HostCheck;
import ee.lmstudio.access.HostHeader;
import ee.lmstudio.access.Identity;
import ee.lmstudio.access.SameOrigin;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiError;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.net.MalformedURLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The checks of the access filter. Each returns the error to answer, or empty. */
final class Refusals {
  private Refusals() {}

  /** Refuses a request whose length cannot be read. */
  static Optional<ApiError> unreadable(HttpServletRequest request) {
    // A proxy may believe one header and the server the other. One of them then reads the body as
    // another request (RFC 9112, section 6.3). The packaged server refuses such a request before
    // the application sees it, but another server may not.
    boolean ambiguous =
        request.getHeader("Content-Length") != null
            && request.getHeader("Transfer-Encoding") != null;
    return ambiguous ? Optional.of(AccessErrors.ambiguousLength()) : Optional.empty();
  }

  /** Refuses a request for a host name that is not a name of this server. */
  static Optional<ApiError> foreignHost(
      Route route, HttpServletRequest request, List<String> allowed) {
    if (route.access() == Route.Access.SIMULATOR) {
      return Optional.empty();
    }
    boolean several = Collections.list(request.getHeaders("Host")).size() > 1;
    String header = several ? null : request.getHeader("Host");
    return HostCheck.foreignName(header, request.getServerName(), request.getLocalAddr(), allowed)
        .map(AccessErrors::foreignHost);
  }

  /** Returns whether a {@code Host} header does not name this server. */
  static boolean isForeign(String host, String calledAddress, List<String> allowed) {
    String name = HostHeader.parse(host).name();
    return HostCheck.foreignName(host, name, calledAddress, allowed).isPresent();
  }

  /** Refuses a request that is not signed in. */
  static Optional<ApiError> anonymous(Identity identity) {
    return switch (identity) {
      case Identity.ByToken byToken -> Optional.empty();
      case Identity.BySession bySession -> Optional.empty();
      case Identity.Anonymous anonymous -> Optional.of(AccessErrors.notSignedIn());
      case Identity.WrongToken wrong -> Optional.of(AccessErrors.wrongToken());
      case Identity.TooManyFailures failures ->
          Optional.of(AccessErrors.tooManyFailures(failures.retryAfter()));
    };
  }

  /**
   * Refuses a request that may change something and that another web site may have made a browser
   * send. A request without a session is not at risk, so that a program may omit its origin.
   */
  static Optional<ApiError> crossSite(Identity identity, HttpServletRequest request) {
    if (identity instanceof Identity.ByToken || !SameOrigin.isStateChanging(request.getMethod())) {
      return Optional.empty();
    }
    String own =
        SameOrigin.origin(request.getScheme(), request.getServerName(), request.getServerPort());
    SameOrigin origin =
        SameOrigin.of(request.getHeader("Sec-Fetch-Site"), request.getHeader("Origin"), own);
    boolean foreign =
        identity instanceof Identity.BySession
            ? origin != SameOrigin.PROVEN
            : origin == SameOrigin.DISPROVEN;
    return foreign ? Optional.of(AccessErrors.foreignOrigin()) : Optional.empty();
  }

  /** Refuses a request for a feature that is switched off. */
  static Optional<ApiError> featureOff(Route route, ServerSettings settings) {
    return route.feature().isOn(settings.features())
        ? Optional.empty()
        : Optional.of(AccessErrors.featureOff(route.feature().name()));
  }

  /** Refuses a request to the API while the gate is closed for its caller. */
  static Optional<ApiError> notReady(Route route, Identity identity, ApiGate gate) {
    boolean refused = route.isApi() && !gate.admits(identity);
    return refused ? Optional.of(AccessErrors.notReady()) : Optional.empty();
  }

  /** Refuses a request that exceeds the limits of a route, with 404, 405 or 413. */
  static Optional<ApiError> overLimits(
      Route route, HttpServletRequest request, ServerSettings settings) {
    // Jersey reads a path parameter of the first segment as a part of the path: /v1;x/y is /v1/x/y.
    if (isUnknownPage(request) || route.isApi() && request.getRequestURI().contains(";")) {
      return Optional.of(AccessErrors.nothingThere());
    }
    Route.Limits limits = route.limits();
    if (!limits.allows(request.getMethod())) {
      return Optional.of(
          isNowhere(request)
              ? AccessErrors.nothingThere()
              : AccessErrors.methodNotAllowed(request.getMethod(), limits.allow()));
    }
    int most = limits.body().bytes(settings);
    return limits.body() == Route.BodyLimit.FORM && request.getContentLengthLong() > most
        ? Optional.of(AccessErrors.tooLarge(request.getContentLengthLong(), most))
        : Optional.empty();
  }

  /**
   * Returns whether Faces would look for a page or a resource that does not exist. It must not: it
   * asks every class loader, and each of them remembers for ever that it does not have that name.
   */
  private static boolean isUnknownPage(HttpServletRequest request) {
    HttpServletMapping mapping = request.getHttpServletMapping();
    boolean toFaces =
        mapping.getMappingMatch() == MappingMatch.EXTENSION
            || mapping.getPattern().equals("/faces/*");
    return toFaces && !RouteTable.isPageFile(RouteTable.path(request));
  }

  /**
   * Returns whether this server has neither a servlet nor a file for a path. 404 comes before 405.
   */
  private static boolean isNowhere(HttpServletRequest request) {
    MappingMatch match = request.getHttpServletMapping().getMappingMatch();
    if (match != MappingMatch.DEFAULT) {
      return false;
    }
    try {
      return request.getServletContext().getResource(RouteTable.path(request)) == null;
    } catch (MalformedURLException notAPath) {
      return true;
    }
  }
}
