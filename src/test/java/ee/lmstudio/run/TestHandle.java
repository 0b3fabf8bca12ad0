package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;

/** A handle on a generation that a test plays. */
final class TestHandle implements StreamHandle {
  private final Runnable onCancel;
  int cancels;
  boolean posted;

  TestHandle(Runnable onCancel) {
    this.onCancel = onCancel;
  }

  @Override
  public boolean cancel() {
    cancels++;
    onCancel.run();
    return cancels == 1;
  }

  @Override
  public boolean posted() {
    return posted;
  }
}
