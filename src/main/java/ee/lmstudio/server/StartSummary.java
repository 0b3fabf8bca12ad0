package ee.lmstudio.server;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.config.Environment;
import ee.lmstudio.config.ServerAddress;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.Settings;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.telemetry.Exports;
import ee.lmstudio.upstreams.Machine;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Logs the effective configuration once, when the server is ready, and a warning if LM Studio does
 * not answer at that time. Both contain no secret.
 */
@ApplicationScoped
public class StartSummary {
  private static final System.Logger LOG = System.getLogger(StartSummary.class.getName());

  @Inject Settings settings;
  @Inject ServerAddress address;
  @Inject Upstreams upstreams;
  @Inject Exports exports;

  /** The start does not wait for LM Studio, which may be slow. */
  void start(@Observes ServerWarm warm) {
    Thread.ofVirtual().name("lmstudio-summary").start(this::log);
  }

  private void log() {
    try {
      Optional<String> fault = Optional.empty();
      Optional<String> version = Optional.empty();
      if (!settings.usesSimulator()) {
        Machine machine = upstreams.machine();
        fault = machine.fault();
        version =
            fault.isPresent()
                ? Optional.empty()
                : machine.capabilities(CallOptions.NONE).version().map(Object::toString);
      }
      String own = address.isKnown() ? address.http().toString() : "known with the first request";
      LOG.log(System.Logger.Level.INFO, text(settings, own, version, exports.isOn()));
      fault.ifPresent(
          code -> LOG.log(System.Logger.Level.WARNING, away(settings.upstream().baseUrl(), code)));
    } catch (RuntimeException stopping) {
      LOG.log(System.Logger.Level.DEBUG, "The start was not summarized", stopping);
    }
  }

  /** Returns the warning about an LM Studio that cannot be used, with what to do next. */
  static String away(Object baseUrl, String code) {
    return ("LM Studio at %s cannot be used yet (%s). Start LM Studio's server (Developer → Start"
            + " server), or set LM_STUDIO_BASE_URL. \"bin/lmstudio doctor\" finds the cause. This"
            + " server need not be restarted: it uses LM Studio as soon as LM Studio answers.")
        .formatted(baseUrl, code);
  }

  /**
   * Returns the summary, one fact on each line.
   *
   * @param own the address of this server
   * @param version LM Studio's version; empty if it is not known
   * @param openTelemetry whether calls are exported to OpenTelemetry
   */
  static String text(
      Settings settings, String own, Optional<String> version, boolean openTelemetry) {
    ServerSettings server = settings.server();
    String lmStudio =
        settings.usesSimulator()
            ? "the built-in simulator"
            : settings.upstream().baseUrl() + version.map(text -> ", version " + text).orElse("");
    String callers =
        server.accessTokens().stream().map(StartSummary::caller).collect(Collectors.joining(", "));
    String ofLink =
        server.environment() == Environment.LOCAL ? "local, by the printed link" : "nobody";
    String changed = String.join("\n               ", settings.changed());
    return String.join(
        "\n  ",
        "The server has started with this configuration:",
        "Address      " + own + " (listens on " + server.listenAddress() + ")",
        "LM Studio    " + lmStudio,
        "Simulator    " + (server.simulator() ? "on" : "off"),
        "app.env      " + server.environment().name().toLowerCase(Locale.ROOT),
        "May sign in  " + (callers.isEmpty() ? ofLink : callers),
        "Storage      " + server.storageDir(),
        "Telemetry    /metrics"
            + (server.actionLogBytes() > 0 ? ", actions.log in the storage" : "")
            + (openTelemetry ? ", OpenTelemetry" : ""),
        "Not default  " + (changed.isEmpty() ? "nothing" : changed));
  }

  private static String caller(AccessToken token) {
    return token.name() + (token.admin() ? " (admin)" : "");
  }
}
