package ee.lmstudio.sdk;

/** A running generation that can be cancelled. */
public interface StreamHandle {
  /**
   * Ends the generation at once, from any thread, in any phase: queued, connecting, loading,
   * processing the prompt, generating. The connection to LM Studio is closed, which makes it stop.
   *
   * @return false if it had ended, or was cancelled, already
   */
  boolean cancel();

  /**
   * {@return whether a request for this generation went out on a connection, so that LM Studio may
   * be at work for it: before that it waits for its turn or for a connection}
   */
  boolean posted();
}
