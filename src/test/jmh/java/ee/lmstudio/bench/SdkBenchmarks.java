package ee.lmstudio.bench;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.WarmupMode;

/**
 * The SDK beside its peers, all in this JVM: every one is warmed up before the first is measured,
 * so that none has the JIT to itself. Writes one JSON object to the file named first.
 */
public final class SdkBenchmarks {
  private SdkBenchmarks() {}

  public static void main(String[] args) throws Exception {
    boolean quick = args.length > 1 && args[1].equals("quick");
    var options =
        new OptionsBuilder()
            .include(StreamBenchmark.class.getSimpleName())
            .forks(0)
            .warmupMode(WarmupMode.BULK)
            .warmupIterations(quick ? 1 : 8)
            .warmupTime(TimeValue.seconds(quick ? 1 : 4))
            .measurementIterations(quick ? 3 : 8)
            .measurementTime(TimeValue.seconds(quick ? 1 : 4))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .build();
    Map<String, Integer> cases = StandardCases.passed();
    JsonArrayBuilder results = Json.createArrayBuilder();
    for (RunResult run : new Runner(options).run()) {
      String label = run.getPrimaryResult().getLabel();
      Result<?> bytes = run.getSecondaryResults().get("gc.alloc.rate.norm");
      results.add(
          Json.createObjectBuilder()
              .add("client", System.getProperty("client." + label, label))
              .add("events_per_s", run.getPrimaryResult().getScore())
              .add("events_per_s_error", run.getPrimaryResult().getScoreError())
              .add("bytes_per_event", bytes.getScore())
              .add("iterations", run.getPrimaryResult().getSampleCount())
              .add("cases_passed", cases.get(label))
              .add("cases", cases.get("all")));
    }
    JsonObjectBuilder all =
        Json.createObjectBuilder()
            .add("events_a_stream", StreamBenchmark.EVENTS)
            .add("java", Runtime.version().toString())
            .add("results", results);
    Files.writeString(Path.of(args[0]), all.build().toString());
  }
}
