package ee.lmstudio.http;

import jakarta.servlet.http.HttpServletResponse;

/** The security headers that every answer carries, error answers too. */
public final class SecurityHeaders {
  /**
   * No inline code, no other origins, no embedding in frames. Only two libraries may make HTML from
   * strings: DOMPurify, which sanitises it, and lit-html, whose strings are the page's own
   * templates.
   */
  private static final String CONTENT_SECURITY_POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "font-src 'self'",
          "manifest-src 'self'",
          "form-action 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types dompurify lit-html");

  private SecurityHeaders() {}

  /** Sets the headers and replaces values that were set before. */
  public static void set(HttpServletResponse response) {
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  }
}
