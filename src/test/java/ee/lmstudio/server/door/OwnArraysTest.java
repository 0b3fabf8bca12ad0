package ee.lmstudio.server.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.MemoryManager;
import org.junit.jupiter.api.Test;

class OwnArraysTest {
  private static final String HEAD = "GET / HTTP/1.1\r\n\r\n";

  private static Buffer passedOn(byte[] array, int from, int length) {
    FilterChainContext context = new FilterChainContext();
    context.setMessage(Buffers.wrap(MemoryManager.DEFAULT_MEMORY_MANAGER, array, from, length));
    new OwnArrays().handleRead(context);
    return context.getMessage();
  }

  @Test
  void shortHeadInAnArrayOfManyConnections_getsAnArrayOfItsOwn() {
    byte[] shared = ("x".repeat(1_000) + HEAD + "y".repeat(1_000)).getBytes(ISO_8859_1);
    Buffer own = passedOn(shared, 1_000, HEAD.length());
    assertThat(own.toStringContent(StandardCharsets.ISO_8859_1)).isEqualTo(HEAD);
    assertThat(own.array()).hasSize(HEAD.length());
  }

  @Test
  void longPieceOfABody_isNotCopied() {
    byte[] full = "x".repeat(64 * 1024).getBytes(ISO_8859_1);
    assertThat(passedOn(full, 0, full.length - 100).array()).isSameAs(full);
  }
}
