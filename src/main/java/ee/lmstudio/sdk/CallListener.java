package ee.lmstudio.sdk;

/**
 * Is told of every call to LM Studio, whatever became of it.
 *
 * <p>Once a call, after it ended, on the thread that made it (of {@code start…}, the thread that
 * the observer is called on): what takes long here delays the caller. Calls of several threads are
 * told at the same time. What a listener throws is logged, and the call's result stays as it is.
 */
@FunctionalInterface
public interface CallListener {
  /**
   * A call has ended.
   *
   * @param call what became of it
   */
  void onCall(CallRecord call);
}
