package ee.lmstudio.server.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is behind the last chunk, after the content of the first one. */
class CountedBodyTest {
  private static final String BEHIND = "GET / HTTP/1.1\r\n\r\n";

  private static int behind(String rest) {
    Buffer buffer = Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, rest.getBytes(ISO_8859_1));
    return CountedBody.behindLastChunk(buffer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n0\r\n\r\n",
        "\n0\n\n",
        "\r\n000\r\n\r\n",
        "\r\n0;name=value\r\n\r\n",
        "\r\n1 \r\nx\r\n0\r\n\r\n",
        "\r\na\r\n0\r\n\r\n567890\r\n0\r\n\r\n",
        "\r\nA;x\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n",
        "\r\n0\r\nX: a trailer\r\nY: \r\n\r\n"
      })
  void wholeBody_isNotCounted(String rest) {
    assertThat(behind(rest)).isZero();
    assertThat(behind(rest + BEHIND)).isEqualTo(BEHIND.length());
    assertThat(behind(rest + BEHIND + BEHIND)).isEqualTo(2 * BEHIND.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r",
        "\r\n",
        "\r\n5",
        "\r\n5\r\n",
        "\r\n5\r\n0\r\n\r\n",
        "\r\n5\r\n01234\r\n0",
        "\r\n0\r\n",
        "\r\n0\r\nX: a trailer\r\n",
        "\r\n7fffffff\r\n0\r\n\r\n",
        "\r\nffffffffffffffffffff\r\n0\r\n\r\n"
      })
  void bodyWithoutItsEnd_hasNothingBehindIt(String rest) {
    assertThat(behind(rest)).isZero();
  }

  @Test
  void bodyThatIsCutAnywhere_hasNothingBehindIt() {
    String rest = "\r\n3;a=b\r\nxyz\r\n0\r\nX: y\r\n\r\n";
    for (int end = 0; end <= rest.length(); end++) {
      assertThat(behind(rest.substring(0, end))).as("%s bytes", end).isZero();
    }
  }
}
