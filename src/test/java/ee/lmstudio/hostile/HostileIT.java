package ee.lmstudio.hostile;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attack in a small size; each build makes those that no other test makes. The bystander must
 * be answered, but how fast depends on the machine: {@link WholeHostileIT} asserts that.
 */
@Timeout(150)
class HostileIT {
  private static final int ROUNDS = 3;

  private static final Set<Attack> IN_EVERY_BUILD =
      EnumSet.of(
          Attack.LISTENERS,
          Attack.STATES,
          Attack.GROWING_STATES,
          Attack.HALF_BODIES,
          Attack.FORMS,
          Attack.SLOW_HEADERS,
          Attack.BAD_FORMS,
          Attack.TWO_LENGTHS,
          Attack.CROWDED_PAGES,
          Attack.NEW_NAMES,
          Attack.TOOL_CALLS,
          Attack.LEFT_STREAMS);

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

  static Set<Attack> inEveryBuild() {
    return IN_EVERY_BUILD;
  }

  static Set<Attack> others() {
    return EnumSet.complementOf(EnumSet.copyOf(IN_EVERY_BUILD));
  }

  @ParameterizedTest
  @MethodSource("inEveryBuild")
  void attackOfEveryBuild_leavesTheBystanderServed(Attack attack) throws Exception {
    siege.endure(attack, false, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("others")
  @Tag("thorough")
  void otherAttack_leavesTheBystanderServed(Attack attack) throws Exception {
    siege.endure(attack, false, ROUNDS);
  }
}
