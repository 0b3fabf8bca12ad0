package ee.lmstudio.run;

/**
 * A run that a request has started, or that an earlier request with the same idempotency key has.
 *
 * @param replayed whether an earlier request started it
 */
public record StartedRun(Run run, boolean replayed) {}
