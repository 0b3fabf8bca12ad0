package ee.lmstudio.http;

import ee.lmstudio.config.ServerSettings;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row of the {@link RouteTable}.
 *
 * @param path the path of the row, below the context root, without a trailing slash
 * @param coversBelow whether the row also covers the paths below {@code path}
 * @param access who may use these paths
 * @param errors the error format
 * @param limits what a request may be
 * @param feature the feature that must be switched on for this route
 */
public record Route(
    String path,
    boolean coversBelow,
    Access access,
    ErrorFormat errors,
    Limits limits,
    Feature feature) {

  /** Says who may use a route. */
  public enum Access {
    /** Everyone. The answers are static files, which are the same for every caller. */
    FILES,
    /** Everyone. */
    OPEN,
    /**
     * Everyone, under any host name, while the simulator is on: the SDK calls the simulator at
     * 127.0.0.1, whatever names are allowed. While the simulator is off, the same as {@link
     * #SIGNED_IN}.
     */
    SIMULATOR,
    /** Callers that are signed in. */
    SIGNED_IN,
    /** Callers that are signed in, while the API is switched on. */
    API
  }

  /** The error format of a route. */
  public enum ErrorFormat {
    /** The JSON envelope of this server, for API clients. */
    ENVELOPE,
    /** OpenAI's error object, for OpenAI clients. */
    OPENAI,
    /**
     * A plain HTML page, for people. Callers that are not signed in are redirected to the sign-in
     * page instead.
     */
    PAGE
  }

  /** Limits the size of a request body. */
  public enum BodyLimit {
    /**
     * 64 KiB. The access filter refuses a longer form by its {@code Content-Length}. {@code
     * http.body} refuses a longer form that arrives in chunks.
     */
    FORM,
    /**
     * {@code lm-studio.max-json-bytes}. The resource that reads the body checks it, because 404,
     * 405, 406 and 415 come before 413.
     */
    JSON,
    /**
     * {@code lm-studio.max-audio-bytes}. The body is kept in a temporary file. The resource that
     * reads the body checks its length.
     */
    FILE,
    /** 64 MiB. The simulator itself refuses a body of more than 16 MiB. */
    SIMULATOR,
    /** No limit, because no body is read on this route. */
    NONE;

    private static final int FORM_BYTES = 64 * 1024;
    private static final int SIMULATOR_BYTES = 64 * 1024 * 1024;

    /** Returns the limit in bytes. */
    public int bytes(ServerSettings settings) {
      return switch (this) {
        case FORM -> FORM_BYTES;
        case JSON -> settings.maxJsonBytes();
        case FILE -> settings.bodies().maxAudioBytes();
        case SIMULATOR -> SIMULATOR_BYTES;
        case NONE -> Integer.MAX_VALUE;
      };
    }
  }

  /** A feature that operators must switch on. */
  public enum Feature {
    /** The route does not depend on a feature. */
    NONE,
    AUDIO,
    IMAGES;

    /** Returns whether the feature is switched on. */
    public boolean isOn(ServerSettings.Features features) {
      return switch (this) {
        case NONE -> true;
        case AUDIO -> features.audio();
        case IMAGES -> features.images();
      };
    }
  }

  /**
   * Limits the requests to a route.
   *
   * @param methods the allowed methods; empty if the resource behind the route decides
   * @param body how large the body may be
   */
  public record Limits(Set<String> methods, BodyLimit body) {
    public Limits {
      methods = Set.copyOf(methods);
      Objects.requireNonNull(body, "body");
    }

    /** Returns whether the route itself allows {@code method}. */
    public boolean allows(String method) {
      return methods.isEmpty() || methods.contains(method);
    }

    /** Returns the allowed methods as the value of an {@code Allow} header. */
    public String allow() {
      return String.join(", ", new TreeSet<>(methods));
    }
  }

  public Route {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(errors, "errors");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(feature, "feature");
  }

  /** Creates a route that does not depend on a feature. */
  public Route(String path, boolean coversBelow, Access access, ErrorFormat errors, Limits limits) {
    this(path, coversBelow, access, errors, limits, Feature.NONE);
  }

  /** Returns whether this row covers {@code other}, a decoded path below the context root. */
  boolean covers(String other) {
    return other.equals(path) || (coversBelow && other.startsWith(path + "/"));
  }

  /** Returns whether only callers that are signed in may use the route. */
  public boolean needsSignIn() {
    return access == Access.SIGNED_IN || access == Access.API;
  }

  /** Returns whether the route belongs to the API, which the module's switch turns off. */
  public boolean isApi() {
    return access == Access.API;
  }

  /**
   * Returns the {@code Cache-Control} of the route. A browser asks again for a file each time, and
   * gets 304 while the file has not changed.
   */
  public String cacheControl() {
    return access == Access.FILES ? "no-cache" : "no-store";
  }

  Route withAccess(Access other) {
    return new Route(path, coversBelow, other, errors, limits, feature);
  }
}
