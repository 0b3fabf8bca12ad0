package ee.lmstudio.access;

import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.AnswerForm;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.server.DeclinedUpgrade;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The gate that every request goes through, in this order: request id and headers, 400 for a path
 * that cannot be read, 421 for a foreign host name, 401 for strangers, 403 for other sites'
 * requests, 503 while the API is off. What passes knows its {@link Caller}.
 */
@WebFilter(filterName = "access", urlPatterns = "/*", asyncSupported = true)
public class AccessFilter extends HttpFilter {
  private static final long serialVersionUID = 1;

  /** Each holds one of Payara's 200 threads for as long as the form takes to come. */
  private static final int MOST_SIGN_INS = 32;

  private static final Semaphore STRANGERS_POSTS = new Semaphore(MOST_SIGN_INS);

  /** The packaged server's mark of a request whose path cannot be read; the path was replaced. */
  private static final String MALFORMED_PATH = "ee.lmstudio.malformed-path";

  @Inject transient ServerSettings settings;
  @Inject transient ServerAddress address;
  @Inject transient DemoLink demoLink;
  @Inject transient AccessTokens tokens;
  @Inject transient Authentication authentication;
  @Inject transient SignIn signIn;

  @Override
  protected void doFilter(
      HttpServletRequest direct, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    address.learnPort(direct.getLocalPort());
    demoLink.printOnce();
    HttpServletRequest declined = DeclinedUpgrade.of(direct);
    try {
      admit(ForwardedRequest.of(declined, settings.trustedProxies()), response, chain);
    } finally {
      DeclinedUpgrade.skipRest(declined);
    }
  }

  private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Route route = Route.of(request, settings.simulator());
    prepare(request, response, route);

    if (request.getAttribute(MALFORMED_PATH) != null) {
      ErrorAnswer.write(request, response, route.form(), malformedPath());
      return;
    }
    Optional<ApiError> wrongHost =
        route.access() == Route.Access.SIMULATOR
            ? Optional.empty()
            : HostCheck.refusal(request, settings.allowedServerNames());
    if (wrongHost.isPresent()) {
      ErrorAnswer.write(request, response, route.form(), wrongHost.get());
    } else if (route.needsSignIn()) {
      guarded(route, request, response, chain);
    } else {
      open(route, request, response, chain);
    }
  }

  private static void prepare(
      HttpServletRequest request, HttpServletResponse response, Route route) {
    String id = RequestId.accept(request.getHeader(RequestId.HEADER));
    RequestId.set(request, id);
    response.setHeader(RequestId.HEADER, id);
    SecurityHeaders.set(response);
    // Files are asked for again each time, and answered 304 while they are as before.
    boolean file = route.access() == Route.Access.STATIC;
    response.setHeader("Cache-Control", file ? "no-cache" : "no-store");
  }

  private void open(
      Route route, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Identity identity = authentication.bySession(request);
    // A stranger's program may post without a word about its origin: nothing is at stake.
    boolean foreign = SameOrigin.isStateChanging(request) && SameOrigin.isDisproven(request);
    Optional<ApiError> refusal =
        foreign ? Optional.of(foreignOrigin()) : crossSite(identity, request);
    if (refusal.isPresent()) {
      ErrorAnswer.write(request, response, route.form(), refusal.get());
    } else if (route.access() == Route.Access.SIMULATOR || !SameOrigin.isStateChanging(request)) {
      pass(identity, request, response, chain);
    } else if (STRANGERS_POSTS.tryAcquire()) {
      try {
        pass(identity, request, response, chain);
      } finally {
        STRANGERS_POSTS.release();
      }
    } else {
      ErrorAnswer.write(request, response, route.form(), tooManyStrangers());
    }
  }

  private void guarded(
      Route route, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (SignInLink.isOne(route, request)) {
      SignInLink.follow(signIn, request, response);
      return;
    }
    boolean api = route.access() == Route.Access.API;
    if (api && !tokens.anyConfigured()) {
      // Nobody could sign in to hear it: this comes before 401.
      ErrorAnswer.write(
          request, response, route.form(), switchedOff().orElseGet(AccessFilter::notConfigured));
      return;
    }
    Identity identity = authentication.identify(request);
    Optional<ApiError> refusal =
        refusal(identity, request).or(() -> api ? switchedOff() : Optional.empty());
    if (refusal.isEmpty()) {
      pass(identity, request, response, chain);
    } else if (route.form() == AnswerForm.PAGE
        && refusal.get().code() == ErrorCode.UNAUTHENTICATED) {
      Redirect.to(request, response, Route.LOGIN);
    } else {
      ErrorAnswer.write(request, response, route.form(), refusal.get());
    }
  }

  private static Optional<ApiError> refusal(Identity identity, HttpServletRequest request) {
    return switch (identity) {
      case Identity.Anonymous anonymous ->
          Optional.of(
              ApiError.of(
                  ErrorCode.UNAUTHENTICATED,
                  "You are not signed in.",
                  "Send 'Authorization: Bearer <access token>', or sign in at /login."));
      case Identity.Refused refused -> Optional.of(refused.error());
      case Identity.ByToken byToken -> Optional.empty();
      case Identity.BySession bySession -> crossSite(identity, request);
    };
  }

  /** The error if a session is to change something and the request may be another site's. */
  private static Optional<ApiError> crossSite(Identity identity, HttpServletRequest request) {
    boolean atRisk = identity instanceof Identity.BySession && SameOrigin.isStateChanging(request);
    return atRisk && !SameOrigin.isProven(request)
        ? Optional.of(foreignOrigin())
        : Optional.empty();
  }

  private Optional<ApiError> switchedOff() {
    return settings.enabled()
        ? Optional.empty()
        : Optional.of(
            ApiError.of(
                ErrorCode.FEATURE_DISABLED,
                "The LM Studio module is switched off.",
                "The operator switches it on with FEATURES_LMSTUDIO_ENABLED=true."));
  }

  private static ApiError notConfigured() {
    return ApiError.of(
        ErrorCode.NOT_CONFIGURED,
        "No access token is configured, so nobody can use this server.",
        "The operator sets LM_STUDIO_ACCESS_TOKENS=name:token[:admin].");
  }

  private static ApiError tooManyStrangers() {
    return ApiError.of(
            ErrorCode.OVERLOADED, "Too many sign in at the same time.", "Try again in a second.")
        .withRetryAfter(Duration.ofSeconds(1));
  }

  private static ApiError malformedPath() {
    return ApiError.of(
        ErrorCode.MALFORMED_REQUEST,
        "The path of the request cannot be decoded, or leads out of the server's root.",
        "Send each byte that is no plain character as % and two hexadecimal digits of UTF-8.");
  }

  private static ApiError foreignOrigin() {
    return ApiError.of(
        ErrorCode.FORBIDDEN,
        "The request does not come from a page of this server.",
        "Send it from our own page, or with an access token instead of the session.");
  }

  private static void pass(
      Identity identity,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest passed =
        switch (identity) {
          case Identity.ByToken byToken -> new SignedInRequest(request, byToken.caller());
          case Identity.BySession bySession -> new SignedInRequest(request, bySession.caller());
          case Identity.Anonymous anonymous -> request;
          case Identity.Refused refused -> request;
        };
    chain.doFilter(passed, response);
  }
}
