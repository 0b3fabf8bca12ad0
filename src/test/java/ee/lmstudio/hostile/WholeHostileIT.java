package ee.lmstudio.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.hostile.Bystander.Ask;
import ee.lmstudio.server.ServerUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every attack in its whole size, one after the other. The bystander notices nothing, and after
 * each attack the server uses what it used before the first. Writes what was measured to {@link
 * #RESULT}. With {@code -Dhostile.only=SHAPES,FORMS}, only these attacks are made, and the result
 * is in {@code target/hostile.txt}.
 */
@Tag("thorough")
@Timeout(7200)
class WholeHostileIT {
  private static final Path RESULT = Path.of("docs", "operations", "hostile.txt");
  private static final Path RESULT_OF_SOME = Path.of("target", "hostile.txt");

  /** The names of some attacks, with commas; null: all. */
  private static final String ONLY = System.getProperty("hostile.only");

  private static final int ROUNDS = 20;
  private static final long MEDIAN_MILLIS = 300;
  private static final long MOST_MILLIS = 1000;
  private static final long LIVE_MILLIS = 100;

  private static final String HEAD =
      """
      Each attack against the packaged server with -Xmx512m, beside a bystander (mvn verify -Pthorough -Dit.test=WholeHostileIT).
      Median/maximum in milliseconds of %d requests each: liveness, list of models by token and by session, a short stream, sign-in.
      MiB of live heap, threads, sockets and other open files: during the attack > afterwards. Before the first attack: %s.

      """;

  @Test
  void everyAttackInItsWholeSize_isNotNoticed() throws Exception {
    List<String> failures = new ArrayList<>();
    StringBuilder table = new StringBuilder();
    Siege siege = Siege.start();
    try {
      table.append(HEAD.formatted(ROUNDS, used(siege.before())));
      for (Attack attack : chosen()) {
        table.append(attack.title(true)).append("\n    ");
        try {
          table.append(measured(siege, attack, failures));
        } catch (AssertionError | IOException failed) {
          failures.add(attack + ": " + failed);
          table.append(failed);
        }
        Files.writeString(ONLY == null ? RESULT : RESULT_OF_SOME, table.append('\n'));
      }
    } finally {
      siege.stop();
    }
    assertThat(failures).isEmpty();
  }

  private static List<Attack> chosen() {
    return ONLY == null
        ? List.of(Attack.values())
        : Arrays.stream(ONLY.split(",")).map(Attack::valueOf).toList();
  }

  /** Returns the row of an attack. Adds to {@code failures} what took too long. */
  private static String measured(Siege siege, Attack attack, List<String> failures)
      throws Exception {
    Siege.Result result = siege.endure(attack, true, ROUNDS);
    StringBuilder row = new StringBuilder();
    result
        .times()
        .forEach(
            (ask, times) -> {
              row.append(ask).append(' ').append(times).append(' ');
              if (times.median() > (ask == Ask.LIVE ? LIVE_MILLIS : MEDIAN_MILLIS)
                  || times.most() > MOST_MILLIS) {
                failures.add(attack + ": " + ask + " took " + times);
              }
            });
    row.append("| ").append(used(result.during()));
    row.append(" > ").append(used(siege.awaitSettled()));
    return row.append(" | attacker: ").append(result.outcomes()).toString();
  }

  private static String used(ServerUsage usage) {
    return "%d MiB %d threads %d sockets %d files"
        .formatted(usage.heapMiB(), usage.threads(), usage.sockets(), usage.files());
  }
}
