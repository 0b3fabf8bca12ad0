package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawBodyTest {
  /** What a client that believes in its upgrade might send behind the body. */
  private static final String NEXT = "GET /next HTTP/1.1\r\n\r\n";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "0|| , \"\"",
        "5|Hello|0|| , Hello",
        "2|He|3|llo|0|| , Hello",
        "2;name=value|He|03 ; x|llo|0;last|Trailer: 1|Other: 2|| , Hello",
        "11|0||5|||||X|0|| , 0||5|||||X",
        "1A|abcdefghijklmnopqrstuvwxyz|000|| , abcdefghijklmnopqrstuvwxyz",
      })
  void chunks_areJoined(String raw, String body) throws IOException {
    Network network = new Network(raw.replace("|", "\r\n") + NEXT);
    RawBody read = RawBody.inChunks(network);
    assertThat(read.isFinished()).isFalse();
    assertThat(text(read)).isEqualTo(body.replace("|", "\r\n"));
    assertThat(read.isFinished()).isTrue();
    assertThat(text(network)).isEqualTo(NEXT);
  }

  @Test
  void lineFeedsAlone_endLinesToo() throws IOException {
    assertThat(text(RawBody.inChunks(new Network("5\nHello\n0\n\n")))).isEqualTo("Hello");
  }

  @ParameterizedTest
  @CsvSource({
    "5|Hello|0|, in the middle",
    "5|Hell, in the middle",
    "5, in the middle",
    "'', in the middle",
    "4|Hello|0||, longer than it says",
    "|, no size",
    "-1|, no size",
    "+5|Hello|0||, no size",
    "0x5|Hello|0||, no size",
    "ffffffffffffffff|, no size",
    "Hello|, no size",
  })
  void brokenChunks_areTold(String raw, String problem) {
    RawBody read = RawBody.inChunks(new Network(raw.replace("|", "\r\n")));
    assertThatThrownBy(() -> text(read))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void endlessLines_haveABound() {
    String extension = "5;" + "x".repeat(RawBody.MAX_LINES);
    assertThatThrownBy(() -> text(RawBody.inChunks(new Network(extension))))
        .hasMessageContaining("too long");
    String trailers = "0\r\n" + "Name: value\r\n".repeat(RawBody.MAX_LINES / 10);
    assertThatThrownBy(() -> text(RawBody.inChunks(new Network(trailers))))
        .hasMessageContaining("too long");
  }

  @Test
  void length_endsTheBody() throws IOException {
    Network network = new Network("Hello" + NEXT);
    RawBody read = RawBody.ofLength(network, 5);
    assertThat(read.available()).isEqualTo(5);
    assertThat(read.read()).isEqualTo('H');
    assertThat(text(read)).isEqualTo("ello");
    assertThat(read.isFinished()).isTrue();
    assertThat(read.read()).isEqualTo(-1);
    assertThat(text(network)).isEqualTo(NEXT);

    assertThat(RawBody.ofLength(network, 0).isFinished()).isTrue();
    assertThatThrownBy(() -> text(RawBody.ofLength(new Network("Hell"), 5)))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void rest_isSkippedUpToALimit() throws IOException {
    Network network = new Network("a".repeat(10_000) + NEXT);
    RawBody.ofLength(network, 10_000).skipRest(10_000);
    assertThat(text(network)).isEqualTo(NEXT);

    Network large = new Network("a".repeat(100_000));
    RawBody.ofLength(large, 100_000).skipRest(10_000);
    assertThat(large.available()).isBetween(80_000, 90_000);
  }

  private static String text(ServletInputStream in) throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** All that comes on a connection. */
  private static final class Network extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Network(String text) {
      bytes = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int from, int count) {
      return bytes.read(into, from, count);
    }

    @Override
    public int available() {
      return bytes.available();
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
