package ee.lmstudio.sdk;

/** Cancels a running generation. */
public interface StreamHandle {
  /**
   * Ends the generation at once, from any thread, in any phase: queued, connecting, loading,
   * processing the prompt, generating. The SDK closes the connection, which makes LM Studio stop
   * generating.
   *
   * @return false if the generation had already ended or been cancelled
   */
  boolean cancel();

  /**
   * {@return whether a request for this generation was sent, so that LM Studio may be working on
   * it; false while the generation still waits for its turn or for a connection}
   */
  boolean posted();
}
