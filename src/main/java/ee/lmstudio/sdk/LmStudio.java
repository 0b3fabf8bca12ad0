package ee.lmstudio.sdk;

import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.internal.HttpSdk;
import java.util.Optional;

/**
 * Connects a program without a container to LM Studio:
 *
 * <pre>{@code
 * try (LmStudio lmStudio = LmStudio.connect(LmStudioSettings.defaults())) {
 *   String answer = lmStudio.createChatCompletion(ChatRequest.of("Hello!")).content();
 * }
 * }</pre>
 *
 * <p>Nothing is sent until the first call. One instance serves any number of threads. Close it
 * after the last call, because it owns a timer thread.
 */
public interface LmStudio extends SdkContract, AutoCloseable {
  /**
   * Returns a client of LM Studio with these settings.
   *
   * @param settings where LM Studio is, and how to reach it
   * @return the client, which the caller has to close
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  static LmStudio connect(LmStudioSettings settings) {
    return new HttpSdk(settings, Optional.empty());
  }

  /**
   * Returns a client of LM Studio with these settings that reports every call to {@code listener}.
   *
   * @param settings where LM Studio is, and how to reach it
   * @param listener receives a record of every call
   * @return the client, which the caller has to close
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  static LmStudio connect(LmStudioSettings settings, CallListener listener) {
    return new HttpSdk(settings, Optional.of(listener));
  }

  /**
   * Returns LM Studio's version and capabilities. LM Studio is only asked if nothing is known yet.
   * The result is kept until a call succeeds after a failed connection, until an answer names
   * another version, or until the next {@link #healthCheck()}.
   *
   * @return the version and capabilities that are known now
   * @throws ee.lmstudio.sdk.error.ConnectionException if nothing is known and LM Studio does not
   *     answer
   * @throws ee.lmstudio.sdk.error.AuthenticationException if LM Studio refuses the key
   */
  ServerCapabilities capabilities();

  /**
   * Cancels all running calls and frees the timer thread and all connections, including those of
   * all views that {@link #with} made.
   */
  @Override
  void close();
}
