package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import java.util.Optional;

/**
 * Decides what may be sent to the current server, and learns about it from its answers. Called by
 * the threads of all calls.
 */
public interface Gate {
  /** Lets everything pass, and learns nothing. */
  class Open implements Gate {
    @Override
    public void pass(Capability capability, UpstreamCall call) {}

    @Override
    public void learned(Capability capability, boolean available) {}

    @Override
    public Optional<UnsupportedVersionException> refusal() {
      return Optional.empty();
    }

    @Override
    public void answered(String version) {}

    @Override
    public void lost() {}
  }

  /** Used until another gate is set. */
  Gate OPEN = new Open();

  /**
   * Returns normally if {@code call} may use {@code capability}. If versions differ in this
   * capability, waits for the version as part of the call.
   *
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if the server does not have the
   *     capability, or the settings do not allow it
   */
  void pass(Capability capability, UpstreamCall call);

  /** Notes that a call has shown whether the server has {@code capability}. */
  void learned(Capability capability, boolean available);

  /**
   * Returns the reason why nothing may be sent to this server; empty if calls are allowed. Does not
   * block.
   */
  Optional<UnsupportedVersionException> refusal();

  /**
   * Notes that the headers of an answer have arrived.
   *
   * @param version the value of {@code x-lmstudio-version}; null if it is missing
   */
  void answered(String version);

  /** Notes that a call failed because its connection failed. */
  void lost();
}
