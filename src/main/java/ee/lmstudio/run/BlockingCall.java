package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;

/**
 * A call of the SDK that blocks the virtual thread of its run. The call is cancelled by
 * interrupting that thread.
 */
final class BlockingCall implements StreamHandle {
  // Guarded by this.
  private Thread thread = Thread.currentThread();
  private boolean cancelled;

  private BlockingCall() {}

  /**
   * Makes a call on this thread. A failure and a cancellation are written to the log.
   *
   * @param call calls the SDK, and writes the successful end of the call to the log
   */
  static void run(RunWriter writer, Runnable call) {
    BlockingCall handle = new BlockingCall();
    writer.onHandle(handle);
    try {
      if (handle.isCancelled()) {
        writer.onCancelled();
      } else {
        call.run();
      }
    } catch (CancelledException cancelled) {
      writer.onCancelled();
    } catch (LmStudioException failed) {
      if (handle.isCancelled()) {
        writer.onCancelled();
      } else {
        writer.onFailed(failed);
      }
    } finally {
      handle.over();
    }
  }

  @Override
  public synchronized boolean cancel() {
    if (thread == null || cancelled) {
      return false;
    }
    cancelled = true;
    thread.interrupt();
    return true;
  }

  @Override
  public boolean posted() {
    return true;
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Ends the call. After this, a cancellation does not interrupt the thread any more. */
  private synchronized void over() {
    thread = null;
    Thread.interrupted();
  }
}
