package ee.lmstudio.hostile;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every attack in a small size. The bystander must be answered, but how fast depends on the
 * machine: {@link WholeHostileIT} asserts that.
 */
@Tag("thorough")
@Timeout(150)
class HostileIT {
  private static final int ROUNDS = 3;

  private static Siege siege;

  @BeforeAll
  static void start() throws Exception {
    siege = Siege.start();
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      siege.awaitSettled();
    } finally {
      siege.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyAttack_leavesTheBystanderServed(Attack attack) throws Exception {
    siege.endure(attack, false, ROUNDS);
  }
}
