package ee.lmstudio.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinesTest {
  private final Lines<String, String> lines = new Lines<>();

  LinesTest() {
    lines.add("alice", "a1");
    lines.add("alice", "a2");
    lines.add("alice", "a3");
    lines.add("bob", "b1");
    lines.add("carol", "c1");
    lines.add("carol", "c2");
  }

  private List<String> takeAll() {
    List<String> taken = new ArrayList<>();
    Optional<String> next = lines.next(party -> true);
    while (next.isPresent()) {
      taken.add(next.get());
      next = lines.next(party -> true);
    }
    return taken;
  }

  @Test
  void partiesTakeTurns_asAnnounced() {
    List<String> announced = lines.inTurn();
    assertThat(announced).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    assertThat(takeAll()).isEqualTo(announced);
    assertThat(lines.size()).isZero();
  }

  @Test
  void skippedParty_keepsItsTurn() {
    assertThat(lines.next(party -> !party.equals("alice"))).contains("b1");
    assertThat(lines.next(party -> true)).contains("a1");
    assertThat(lines.next(party -> party.equals("bob"))).isEmpty();
  }

  @Test
  void removedItem_leavesTheOthersInTheirLines() {
    assertThat(lines.remove("alice", "a2")).isTrue();
    assertThat(lines.remove("alice", "a2")).isFalse();
    assertThat(lines.remove("bob", "b1")).isTrue();
    assertThat(lines.remove("bob", "b1")).isFalse();
    assertThat(lines.of("alice")).isEqualTo(2);
    assertThat(lines.of("bob")).isZero();
    assertThat(takeAll()).containsExactly("a1", "c1", "a3", "c2");
  }
}
