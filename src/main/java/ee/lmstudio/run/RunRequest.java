package ee.lmstudio.run;

import java.time.Duration;

/**
 * What a run is started with.
 *
 * @param owner the name of the caller
 * @param requestId the id of the HTTP request that starts the run, for telemetry
 * @param orphanGrace how long the run goes on without a client; zero: it is cancelled when its last
 *     client leaves
 */
public record RunRequest(
    Work work, String owner, String requestId, Duration orphanGrace, Runs.Opens opens) {}
