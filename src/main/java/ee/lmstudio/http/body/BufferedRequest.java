package ee.lmstudio.http.body;

import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request whose body is in memory or in a file, so that the application reads it without waiting.
 */
final class BufferedRequest extends HttpServletRequestWrapper {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ArrivingBody arriving;
  private final ServletInputStream body;

  /** Set if the body is a form. */
  private Map<String, List<String>> parameters;

  /**
   * Adds a body to a request.
   *
   * @param kept the bytes of the body; empty if the body is too large to be kept
   * @param arriving tells how many bytes of the body have arrived, also if they were not kept
   */
  BufferedRequest(HttpServletRequest request, KeptBody kept, ArrivingBody arriving) {
    super(request);
    this.arriving = arriving;
    this.body = kept.stream();
  }

  /** Returns whether the content type is that of a form, whose parameters Payara would read. */
  static boolean isForm(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
  }

  /** Payara would parse such a body, and fail with 500 if it has no boundary. No page sends one. */
  private boolean isMultipart() {
    String type = getContentType();
    return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/");
  }

  /**
   * Parses the body if it is a form.
   *
   * @param most the maximum length of the body in bytes
   * @throws ApiException if the body is too long or has parts, or the form or the query is not
   *     valid
   */
  void readForm(int most) {
    if (getContentLengthLong() > most) {
      throw new ApiException(AccessErrors.tooLarge(getContentLengthLong(), most));
    }
    if (isMultipart()) {
      throw new ApiException(BodyErrors.multipart());
    }
    if (!isForm(this)) {
      return;
    }
    try {
      parameters = FormParameters.of(getQueryString(), body.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("The form is in memory", e);
    }
  }

  @Override
  public int getContentLength() {
    return (int) Math.min(getContentLengthLong(), Integer.MAX_VALUE);
  }

  @Override
  public long getContentLengthLong() {
    return arriving.length();
  }

  @Override
  public ServletInputStream getInputStream() {
    return body;
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  @Override
  public String getParameter(String name) {
    String[] values = getParameterValues(name);
    return values == null ? null : values[0];
  }

  @Override
  public String[] getParameterValues(String name) {
    if (parameters == null) {
      return super.getParameterValues(name);
    }
    List<String> values = parameters.get(name);
    return values == null ? null : values.toArray(String[]::new);
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return parameters == null
        ? super.getParameterNames()
        : Collections.enumeration(parameters.keySet());
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    if (parameters == null) {
      return super.getParameterMap();
    }
    Map<String, String[]> map = new LinkedHashMap<>();
    parameters.forEach((name, values) -> map.put(name, values.toArray(String[]::new)));
    return Collections.unmodifiableMap(map);
  }
}
