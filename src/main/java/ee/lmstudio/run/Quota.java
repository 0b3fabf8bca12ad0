package ee.lmstudio.run;

import java.time.Duration;

/**
 * How many streams a caller may start.
 *
 * @param limit the number in a minute
 * @param remaining how many the caller may start now
 * @param full when the caller may start {@code limit} again, if it starts none until then
 */
public record Quota(int limit, int remaining, Duration full) {}
