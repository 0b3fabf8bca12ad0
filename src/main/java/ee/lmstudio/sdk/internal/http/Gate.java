package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.UnsupportedVersionException;
import java.util.Optional;

/**
 * Decides what may be sent to the LM Studio that is there, and hears what its answers tell of it.
 * Called by the threads of all calls.
 */
public interface Gate {
  /** Lets everything pass and hears nothing: before one is set. */
  Gate OPEN =
      new Gate() {
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
      };

  /**
   * Returns if {@code call} may use {@code capability}. Where versions differ, it waits for the
   * version, as part of the call.
   *
   * @throws ee.lmstudio.sdk.error.FeatureUnavailableException if the server cannot, or the settings
   *     do not allow it
   */
  void pass(Capability capability, UpstreamCall call);

  /** A call has shown whether the server has {@code capability}. */
  void learned(Capability capability, boolean available);

  /** Why nothing may be sent to this server; empty if it may. Does not block. */
  Optional<UnsupportedVersionException> refusal();

  /**
   * The headers of an answer came.
   *
   * @param version what {@code x-lmstudio-version} says; null if it is not there
   */
  void answered(String version);

  /** A call failed because the connection did. */
  void lost();
}
