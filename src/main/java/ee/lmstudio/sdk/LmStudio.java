package ee.lmstudio.sdk;

import ee.lmstudio.sdk.capability.ServerCapabilities;
import ee.lmstudio.sdk.internal.HttpSdk;
import java.util.Optional;

/**
 * LM Studio without a container:
 *
 * <pre>{@code
 * try (LmStudio lmStudio = LmStudio.connect(LmStudioSettings.defaults())) {
 *   String answer = lmStudio.createChatCompletion(ChatRequest.of("Hello!")).content();
 * }
 * }</pre>
 *
 * <p>Nothing is sent until the first call. One instance serves any number of threads; close it when
 * no more calls are made: it owns one timer thread.
 */
public interface LmStudio extends SdkContract, AutoCloseable {
  /**
   * LM Studio, reached with these settings.
   *
   * @param settings where LM Studio is, and how to reach it
   * @return to be closed when it is not needed any more
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  static LmStudio connect(LmStudioSettings settings) {
    return new HttpSdk(settings, Optional.empty());
  }

  /**
   * The same, and {@code listener} is told of every call.
   *
   * @param settings where LM Studio is, and how to reach it
   * @param listener is told of every call
   * @return to be closed when it is not needed any more
   * @throws ee.lmstudio.sdk.error.HostNotAllowedException if the base URL may not be called
   */
  static LmStudio connect(LmStudioSettings settings, CallListener listener) {
    return new HttpSdk(settings, Optional.of(listener));
  }

  /**
   * Which LM Studio this is, and what it can do. Asks LM Studio only if nothing is known: the
   * answer is kept until a connection failed and a later call gets through, until an answer names
   * another version, or until the next {@link #healthCheck()}.
   *
   * @return what is known now
   * @throws ee.lmstudio.sdk.error.ConnectionException if nothing is known and nobody answers
   * @throws ee.lmstudio.sdk.error.AuthenticationException if LM Studio refuses the key
   */
  ServerCapabilities capabilities();

  /**
   * Ends what still runs, as cancelled, and frees the timer thread and all connections; those of
   * all views that {@link #with} made, too.
   */
  @Override
  void close();
}
