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
 * @param upstream the name of the LM Studio machine that was called
 * @param call what is known of it
 */
public record SdkCallCompleted(String upstream, CallRecord call) {
  public SdkCallCompleted {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(call, "call");
  }
}
