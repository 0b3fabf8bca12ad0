package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ByteBuilderTest {
  private final ByteBuilder builder = new ByteBuilder("a test", 100_000);

  private void append(int count) throws IOException {
    builder.append(new byte[count], 0, count);
  }

  @Test
  void nothing_takesNoMemory() {
    assertThat(builder.array()).isEmpty();
    assertThat(builder.length()).isZero();
  }

  @Test
  void growth_doubles_soThatManyPiecesAreNotCopiedEachTime() throws IOException {
    append(1);
    assertThat(builder.array()).hasSize(256);
    append(255);
    assertThat(builder.array()).as("just full").hasSize(256);
    builder.append((byte) 7);
    assertThat(builder.array()).hasSize(512);
    append(1_000);
    assertThat(builder.array()).as("as much as is needed").hasSize(1_257);
    assertThat(builder.copy()).hasSize(1_257).endsWith(new byte[1_000]);
  }

  @Test
  void limit_isReachedButNotExceeded() throws IOException {
    append(60_000);
    append(39_999);
    assertThat(builder.array()).as("never over the limit").hasSize(100_000);
    builder.append((byte) 1);
    assertThatThrownBy(() -> builder.append((byte) 1))
        .isInstanceOf(EventTooLargeException.class)
        .hasMessage("The event stream has a test with more than 100000 bytes");
    assertThat(builder.length()).isEqualTo(100_000);
  }

  @Test
  void cleared_keepsALittleMemoryOnly() throws IOException {
    append(8 * 1024);
    builder.clear();
    assertThat(builder.length()).isZero();
    assertThat(builder.array()).hasSize(8 * 1024);
    append(8 * 1024 + 1);
    builder.clear();
    assertThat(builder.array()).isEmpty();
  }
}
