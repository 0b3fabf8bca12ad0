package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An answer that is ready to be sent: its content and the times at which to send it.
 *
 * @param status the HTTP status
 * @param headers the headers that LM Studio itself sets, in its order; with {@code Content-Length}
 *     unless the answer is streamed. The adapter adds connection headers, date and framing
 * @param headAt when to send status and headers, as the time after the arrival of the request
 * @param streamed whether this is an event stream, in which the client sees each frame when it is
 *     sent
 * @param frames the body, ordered by time; it may be rendered lazily, so iterate over it only once
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
