package ee.lmstudio.sdk.internal.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.AllocatedBytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The text of an answer, joined from pieces of any length. */
class JoinedTextTest {
  @Test
  void pieces_areJoinedInOrder() {
    Random random = new Random(1);
    JoinedText joined = new JoinedText();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      String piece =
          String.valueOf((char) ('a' + i % 26)).repeat(random.nextInt(2 * JoinedText.LONG));
      joined.append(piece);
      expected.append(piece);
      if (i % 1_000 == 0) {
        assertThat(joined).hasToString(expected.toString());
      }
    }
    assertThat(joined).hasToString(expected.toString());
  }

  @Test
  void withoutAnyPiece_theTextIsEmpty() {
    JoinedText joined = new JoinedText();
    joined.append("");
    assertThat(joined).hasToString("");
  }

  @Test
  void longPieces_areNotCopiedWhileTheTextGrows() {
    String piece = "\u4e2d".repeat(64 * 1024);
    int pieces = 100;
    long allocated =
        AllocatedBytes.by(
            () -> {
              JoinedText joined = new JoinedText();
              for (int i = 0; i < pieces; i++) {
                joined.append(piece);
              }
            });
    assertThat(allocated).isLessThan(piece.length());
  }

  @Test
  void shortPieces_takeLittleMoreThanTheirText() {
    String piece = "abcd";
    int pieces = 100_000;
    long allocated =
        AllocatedBytes.by(
            () -> {
              JoinedText joined = new JoinedText();
              for (int i = 0; i < pieces; i++) {
                joined.append(piece);
              }
            });
    assertThat(allocated).isLessThan(5L * pieces * piece.length());
  }
}
