package ee.lmstudio.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.hostile.Bystander.Ask;
import ee.lmstudio.hostile.Bystander.Times;
import ee.lmstudio.server.ServerUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every attack in its whole size, one after the other. The bystander notices nothing, and after
 * each attack the server uses what it used before the first. Writes what was measured to {@link
 * #RESULT}.
 */
@Tag("thorough")
@Timeout(7200)
class WholeHostileIT {
  private static final Path RESULT = Path.of("docs", "operations", "hostile.txt");
  private static final int ROUNDS = 30;
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
    List<String> slow = new ArrayList<>();
    StringBuilder table = new StringBuilder();
    Siege siege = Siege.start();
    try {
      table.append(HEAD.formatted(ROUNDS, used(siege.before())));
      for (Attack attack : Attack.values()) {
        Siege.Result result = siege.endure(attack, true, ROUNDS);
        ServerUsage after = siege.awaitSettled();
        table.append(row(attack, result, after));
        Files.writeString(RESULT, table);
        result.times().forEach((ask, times) -> addIfSlow(slow, attack, ask, times));
      }
    } finally {
      siege.stop();
    }
    assertThat(slow).isEmpty();
  }

  private static void addIfSlow(List<String> slow, Attack attack, Ask ask, Times times) {
    long median = ask == Ask.LIVE ? LIVE_MILLIS : MEDIAN_MILLIS;
    if (times.median() > median || times.most() > MOST_MILLIS) {
      slow.add(attack + ": " + ask + " took " + times);
    }
  }

  private static String row(Attack attack, Siege.Result result, ServerUsage after) {
    StringBuilder row = new StringBuilder(attack.title(true)).append('\n').append("   ");
    result.times().forEach((ask, times) -> row.append(' ').append(ask).append(' ').append(times));
    return row.append("; ")
        .append(used(result.during()))
        .append(" > ")
        .append(used(after))
        .append("; attacker: ")
        .append(result.outcomes())
        .append('\n')
        .toString();
  }

  private static String used(ServerUsage usage) {
    return "%d MiB %d threads %d sockets %d files"
        .formatted(usage.heapMiB(), usage.threads(), usage.sockets(), usage.files());
  }
}
