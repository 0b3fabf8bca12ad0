package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An answer, ready to be played: what to send and when.
 *
 * @param status HTTP status
 * @param headers what LM Studio itself sets, in its order; with {@code Content-Length} unless
 *     streamed. Connection headers, date and framing are the adapter's
 * @param headAt when status and headers go out, after the request arrived
 * @param streamed true for an event stream: each frame is seen by the client as it is sent
 * @param frames the body, in order of time; may be rendered lazily, so go through it once
 */
public record SimulatorReply(
    int status,
    Map<String, String> headers,
    Duration headAt,
    boolean streamed,
    List<Frame> frames) {

  public SimulatorReply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    Objects.requireNonNull(headAt, "headAt");
    Objects.requireNonNull(frames, "frames");
  }
}
