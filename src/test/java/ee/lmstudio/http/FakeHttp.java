package ee.lmstudio.http;

import ee.lmstudio.access.HostHeader;
import ee.lmstudio.http.session.SessionCookie;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;

/** One request and its response, without a container. Asking for anything else fails. */
public final class FakeHttp {
  public final TreeMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  public final Map<String, Object> attributes = new HashMap<>();
  public final TreeMap<String, List<String>> answered =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  public final ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** The body of the request. */
  public InputStream sent = InputStream.nullInputStream();

  /** Whether nothing follows {@link #sent}. */
  public boolean allSent = true;

  /** Who is told when more has been sent. */
  public ReadListener listener;

  /** Happens while the container takes the {@link #listener}. */
  public Runnable whileListening = () -> {};

  /** Whether the container has completed the suspended request, because the client has left. */
  public boolean gone;

  /** What happened to the request since it was suspended. */
  public final BlockingQueue<String> suspended = new LinkedBlockingQueue<>();

  public String method = "GET";
  public String context = "";
  public String scheme = "http";
  public String remote = "192.0.2.7";
  public String local = "127.0.0.1";
  public DispatcherType dispatcher = DispatcherType.REQUEST;
  public boolean committed;

  /** How the container found the servlet behind the filter. */
  public MappingMatch match = MappingMatch.PATH;

  /** The pattern by which the container found the servlet. */
  public String pattern = "/*";

  /** Paths of the files of the web application. */
  public final Set<String> files = new HashSet<>();

  public int status = 200;

  private final CollectedOutput output = new CollectedOutput(body);
  private URI target = URI.create("http://localhost:8080/");

  /** A request for a path with query, to {@code localhost:8080} unless a header says else. */
  public static FakeHttp get(String pathAndQuery) {
    FakeHttp http = new FakeHttp();
    http.target = URI.create("http://localhost:8080" + pathAndQuery);
    return http.with("Host", "localhost:8080");
  }

  public static FakeHttp post(String path) {
    return of("POST", path);
  }

  public static FakeHttp of(String method, String path) {
    FakeHttp http = get(path);
    http.method = method;
    return http;
  }

  public FakeHttp with(String header, String value) {
    headers.put(header, List.of(value));
    return this;
  }

  public FakeHttp from(String address) {
    remote = address;
    return this;
  }

  public FakeHttp bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public FakeHttp session(String id) {
    return with("Cookie", SessionCookie.NAME + "=" + id);
  }

  public HttpServletRequest request() {
    return fake(HttpServletRequest.class, this::ask);
  }

  private static <T> T fake(Class<T> type, BiFunction<String, Object[], Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            FakeHttp.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, args) -> answers.apply(called.getName(), args)));
  }

  private Object whileSuspended(String name, Object[] args) {
    if (gone) {
      throw new IllegalStateException("The request is complete");
    }
    if (name.equals("addListener")) {
      throw new IllegalStateException("The thread that suspended the request has left");
    }
    if (!name.equals("setTimeout")) {
      suspended.add(name);
    }
    return null;
  }

  /** {@code getResource}: the address of a file, or null. */
  private Object file(String name, Object[] args) {
    try {
      return files.contains((String) args[0]) ? new URI("file:" + args[0]).toURL() : null;
    } catch (URISyntaxException | MalformedURLException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  private final class SentBody extends ServletInputStream {

    @Override
    public int read() throws IOException {
      return sent.read();
    }

    @Override
    public int available() throws IOException {
      return sent.available();
    }

    @Override
    public boolean isFinished() {
      return allSent && !isReady();
    }

    @Override
    public boolean isReady() {
      try {
        return sent.available() > 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void setReadListener(ReadListener told) {
      listener = told;
      whileListening.run();
    }
  }

  private Object ask(String name, Object[] args) {
    return switch (name) {
      case "getMethod" -> method;
      case "getContextPath" -> context;
      case "getScheme" -> scheme;
      case "isSecure" -> scheme.equals("https");
      case "getRemoteAddr" -> remote;
      case "getLocalAddr" -> local;
      case "getLocalPort" -> 8080;
      case "getServletPath" -> target.getPath();
      case "getPathInfo", "getUserPrincipal" -> null;
      case "isUserInRole" -> false;
      case "getRequestURI" -> context + target.getRawPath();
      case "getRequestURL" -> new StringBuffer(target.toString());
      case "getQueryString" -> target.getRawQuery();
      case "getServerName" -> HostHeader.parse(header("Host")).name();
      case "getServerPort" -> HostHeader.parse(header("Host")).port().orElse(80);
      case "getHeader" -> header((String) args[0]);
      case "getHeaders" ->
          Collections.enumeration(headers.getOrDefault((String) args[0], List.of()));
      case "getCookies" -> cookies();
      case "getParameter" -> parameter((String) args[0]);
      case "getParameterMap" -> Map.of();
      case "getAttribute" -> attributes.get((String) args[0]);
      case "setAttribute" -> attributes.put((String) args[0], args[1]);
      case "getDispatcherType" -> dispatcher;
      case "getContentLengthLong" ->
          Long.parseLong(headers.getOrDefault("Content-Length", List.of("-1")).get(0));
      case "getContentType" -> header("Content-Type");
      case "isAsyncStarted" -> false;
      case "startAsync" -> fake(AsyncContext.class, this::whileSuspended);
      case "getInputStream" -> new SentBody();
      case "getHttpServletMapping" ->
          fake(
              HttpServletMapping.class,
              (method, values) -> method.equals("getPattern") ? pattern : match);
      case "getServletContext" -> fake(ServletContext.class, this::file);
      default -> throw new UnsupportedOperationException(name);
    };
  }

  private String header(String name) {
    return headers.containsKey(name) ? headers.get(name).get(0) : null;
  }

  private Cookie[] cookies() {
    String[] pair = headers.containsKey("Cookie") ? header("Cookie").split("=") : new String[0];
    return pair.length == 2 ? new Cookie[] {new Cookie(pair[0], pair[1])} : null;
  }

  private String parameter(String name) {
    String query = target.getQuery() == null ? "" : target.getQuery();
    return Arrays.stream(query.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst()
        .orElse(null);
  }

  public HttpServletResponse response() {
    return fake(HttpServletResponse.class, this::answer);
  }

  private Object answer(String name, Object[] args) {
    switch (name) {
      case "setStatus" -> status = (Integer) args[0];
      case "setHeader" -> answered.put((String) args[0], List.of((String) args[1]));
      case "addHeader" ->
          answered.computeIfAbsent((String) args[0], x -> new ArrayList<>()).add((String) args[1]);
      case "setContentType" -> answered.put("Content-Type", List.of((String) args[0]));
      case "setContentLength" ->
          answered.put("Content-Length", List.of(((Integer) args[0]).toString()));
      case "resetBuffer" -> body.reset();
      case "isCommitted" -> {
        return committed;
      }
      case "getOutputStream" -> {
        return output;
      }
      default -> throw new UnsupportedOperationException(name);
    }
    return null;
  }

  /** The first value of an answered header, or null. */
  public String answer(String header) {
    return answered.containsKey(header) ? answered.get(header).get(0) : null;
  }

  public String text() {
    return body.toString(StandardCharsets.UTF_8);
  }
}
