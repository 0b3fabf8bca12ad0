package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.capability.CompatibilityMatrix;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.capability.Support;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import ee.lmstudio.sdk.internal.http.Gate;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what may be sent, based on the settings, the version, and earlier answers. {@link
 * UpstreamCall#send(Capability, UpstreamCall.Sender)} asks it.
 */
public final class Gates implements Gate {
  private static final String AUDIO = "audioEnabled";

  private final KnownServer server;
  private final Detection detection;

  /** The capabilities that the settings do not allow, each with the setting that allows it. */
  private final Map<Capability, String> switchedOff;

  private final Duration connectLimit;

  public Gates(Upstream upstream, KnownServer server) {
    this.switchedOff = switchedOff(upstream.settings());
    this.connectLimit = upstream.settings().limits().connect();
    this.server = server;
    this.detection = new Detection(upstream, server);
  }

  private static Map<Capability, String> switchedOff(LmStudioSettings settings) {
    Map<Capability, String> off = new EnumMap<>(Capability.class);
    if (!settings.audioEnabled()) {
      off.put(Capability.TRANSCRIPTION, AUDIO);
      off.put(Capability.TRANSLATION, AUDIO);
      off.put(Capability.SPEECH, AUDIO);
    }
    if (!settings.imagesEnabled()) {
      off.put(Capability.IMAGES, "imagesEnabled");
    }
    return off;
  }

  /**
   * Returns what is known about the server, and asks the server if nothing is known.
   *
   * @throws LmStudioException if the server cannot be reached, or refuses the key
   */
  public ServerCapabilities capabilities(UpstreamCall waiting) {
    return detection.current(waiting);
  }

  @Override
  public void pass(Capability capability, UpstreamCall call) {
    if (switchedOff.containsKey(capability)) {
      throw new FeatureUnavailableException(
          "The settings do not allow %s".formatted(capability.title()),
          "Set `%s(true)` to use it.".formatted(switchedOff.get(capability)),
          null);
    }
    // Calls that every version supports are always sent: a single 404 from a proxy must not stop
    // all chats.
    boolean differs = !CompatibilityMatrix.ALWAYS.contains(capability);
    if (!differs && server.refusal().isEmpty()) {
      detection.checkFloor(call, connectLimit);
      if (server.refusal().isEmpty()) {
        return;
      }
    }
    ServerCapabilities known = detection.current(call);
    if (refusal(known, differs, capability).isPresent()) {
      known = detection.renewed(call);
    }
    refusal(known, differs, capability)
        .ifPresent(
            refused -> {
              throw refused;
            });
  }

  private static Optional<LmStudioException> refusal(
      ServerCapabilities known, boolean differs, Capability capability) {
    Optional<LmStudioException> tooOld = KnownServer.refusal(known).map(refused -> refused);
    return tooOld.isPresent() || !differs || known.support(capability) != Support.NO
        ? tooOld
        : Optional.of(unavailable(capability, known));
  }

  private static FeatureUnavailableException unavailable(
      Capability capability, ServerCapabilities known) {
    String who =
        known
            .version()
            .map(version -> "LM Studio " + version)
            .orElse("This LM Studio, whose version is unknown,");
    boolean ofThisVersion =
        CompatibilityMatrix.row(known.version()).support(capability) != Support.NO;
    String hint =
        ofThisVersion
            ? "It has answered that it does not have this endpoint. These versions have it: %s."
            : "Use a version that supports it: %s.";
    return new FeatureUnavailableException(
        "%s does not support %s (%s)".formatted(who, capability.title(), capability.onTheWire()),
        hint.formatted(String.join(", ", CompatibilityMatrix.versionsWith(capability))),
        null);
  }

  @Override
  public void learned(Capability capability, boolean available) {
    server.learned(capability, available);
  }

  @Override
  public Optional<UnsupportedVersionException> refusal() {
    return server.refusal();
  }

  @Override
  public void answered(String version) {
    server.answered(version);
  }

  @Override
  public void lost() {
    server.lost();
  }
}
