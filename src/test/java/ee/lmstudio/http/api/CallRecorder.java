package ee.lmstudio.http.api;

import ee.lmstudio.telemetry.SdkCallCompleted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** Deployed with the tests: the calls to LM Studio as an application sees them. */
@ApplicationScoped
public class CallRecorder {
  private final Queue<SdkCallCompleted> events = new ConcurrentLinkedQueue<>();
  @Inject MetricRegistry metrics;

  void observe(@Observes SdkCallCompleted event) {
    events.add(event);
  }

  /** The events so far of one request, and every metric of calls, whoever made them. */
  JsonObject seen(String requestId) {
    JsonArrayBuilder ofRequest = Json.createArrayBuilder();
    events.stream()
        .map(SdkCallCompleted::call)
        .filter(call -> call.requestId().filter(requestId::equals).isPresent())
        .forEach(call -> ofRequest.add(call.toString()));
    JsonObjectBuilder numbers = Json.createObjectBuilder();
    metrics
        .getCounters((id, metric) -> id.getName().startsWith("lmstudio."))
        .forEach((id, counter) -> numbers.add(id.toString(), counter.getCount()));
    metrics
        .getTimers((id, metric) -> id.getName().startsWith("lmstudio."))
        .forEach((id, timer) -> numbers.add(id.toString(), timer.getCount()));
    return Json.createObjectBuilder().add("events", ofRequest).add("metrics", numbers).build();
  }
}
