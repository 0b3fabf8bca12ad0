package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallRecord;
import java.util.Objects;

/**
 * CDI event: a call to LM Studio has ended, whatever became of it.
 *
 * <p>Fired once a call, shortly after it, one after the other on a thread of their own: an observer
 * may take its time. Behind {@value CallEvents#MOST_WAITING} that wait, further ones are lost,
 * which is logged; the log line and the metrics are not.
 *
 * @param call what is known of it
 */
public record SdkCallCompleted(CallRecord call) {
  public SdkCallCompleted {
    Objects.requireNonNull(call, "call");
  }
}
