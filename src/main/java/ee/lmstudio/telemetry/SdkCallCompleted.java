package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallRecord;
import java.util.Objects;

/**
 * CDI event: a call to LM Studio has ended, with or without success.
 *
 * <p>The event is fired once for each call, shortly after it. All events are fired one after the
 * other on a thread of their own, so an observer may be slow. When {@value CallEvents#MOST_WAITING}
 * events are waiting, further events are dropped, which is logged. The log line and the metrics of
 * those calls are not dropped.
 *
 * @param upstream the name of the upstream that was called
 * @param call the record of the call
 */
public record SdkCallCompleted(String upstream, CallRecord call) {
  public SdkCallCompleted {
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(call, "call");
  }
}
