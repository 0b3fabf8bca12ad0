package ee.lmstudio.sdk;

/**
 * Receives a record of every call to LM Studio after the call has ended, successful or not.
 *
 * <p>The SDK calls the listener once per call, on the thread that made the call; for {@code start…}
 * methods, on the thread that calls the observer. A slow listener therefore delays the caller.
 * Calls that end on several threads reach the listener concurrently. An exception from the listener
 * is logged and does not change the call's result.
 */
@FunctionalInterface
public interface CallListener {
  /**
   * Handles the end of a call.
   *
   * @param call the record of the call
   */
  void onCall(CallRecord call);
}
