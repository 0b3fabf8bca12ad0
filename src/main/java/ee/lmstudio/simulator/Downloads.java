package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The downloads that were started, at most {@value #MAX_DOWNLOADS}. How far one of them is follows
 * from the time. When it is complete, the simulator offers its model. For any thread.
 */
final class Downloads {
  static final int MAX_DOWNLOADS = 100;
  private static final long SMALLEST_BYTES = 1_000_000_000L;
  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int CONTEXT_LENGTH = 8192;
  private static final Duration LOAD_TIME = Duration.ofMillis(1500);

  /**
   * A download.
   *
   * @param jobId {@code job_} and ten hexadecimal digits
   * @param model the model that is downloaded
   * @param startedAt when it started
   * @param takes how long it takes
   * @param bytes the size of the model
   */
  private record Job(String jobId, String model, Instant startedAt, Duration takes, long bytes) {

    Instant completedAt() {
      return startedAt.plus(takes);
    }

    boolean isCompleted(Instant now) {
      return !now.isBefore(completedAt());
    }

    long downloaded(Instant now) {
      double part = (double) Duration.between(startedAt, now).toMillis() / takes.toMillis();
      return isCompleted(now) ? bytes : (long) (bytes * part);
    }
  }

  /** By job id, in the order in which they started. Guarded by this. */
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  /**
   * Starts a download, or finds the one that is running, and returns its status.
   *
   * @param takes how long a new download takes
   * @throws Refusal if there are too many downloads
   */
  synchronized JsonObject start(String model, Duration takes, Instant now) {
    String id = "job_%010x".formatted(Seed.of("download", model) & 0xFF_FFFF_FFFFL);
    Job known = jobs.get(id);
    if (known == null) {
      if (jobs.size() >= MAX_DOWNLOADS) {
        throw Refusal.ofV1(
            "The simulator remembers at most " + MAX_DOWNLOADS + " downloads",
            "too_many_downloads",
            "model");
      }
      long bytes = SMALLEST_BYTES + Math.floorMod(Seed.of("size", model), 8 * SMALLEST_BYTES);
      known = new Job(id, model, now, takes, bytes);
      jobs.put(id, known);
    }
    return status(known, now, false);
  }

  /** Returns the status of a download; empty if there is none with this id. */
  synchronized Optional<JsonObject> status(String jobId, Instant now) {
    return Optional.ofNullable(jobs.get(jobId)).map(job -> status(job, now, true));
  }

  private static JsonObject status(Job job, Instant now, boolean progress) {
    boolean completed = job.isCompleted(now);
    JsonObjectBuilder status =
        JSON.createObjectBuilder()
            .add("job_id", job.jobId())
            .add("status", completed ? "completed" : "downloading");
    if (progress && !completed) {
      status
          .add("bytes_per_second", job.bytes() * 1000 / job.takes().toMillis())
          .add("estimated_completion", time(job.completedAt()));
    }
    status.add("total_size_bytes", job.bytes());
    if (progress) {
      status.add("downloaded_bytes", job.downloaded(now));
    }
    status.add("started_at", time(job.startedAt()));
    if (completed) {
      status.add("completed_at", time(job.completedAt()));
    }
    return status.build();
  }

  private static String time(Instant instant) {
    return ISO_MILLIS.format(instant);
  }

  /** Returns {@code models} and those whose download is complete. */
  synchronized List<SimulatedModel> with(List<SimulatedModel> models, Instant now) {
    if (jobs.isEmpty()) {
      return models;
    }
    List<SimulatedModel> all = new ArrayList<>(models);
    jobs.values().stream()
        .filter(job -> job.isCompleted(now))
        .map(
            job ->
                new SimulatedModel(
                    job.model(), SimulatedModel.Kind.CHAT, LOAD_TIME, CONTEXT_LENGTH))
        .forEach(all::add);
    return all;
  }
}
