package ee.lmstudio.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.FakeHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawBodyTest {
  /** Bytes that a client may send after the body if it assumes that its upgrade was accepted. */
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
  void chunks_areJoinedWhereverTheBytesAreCut(String raw, String body) throws IOException {
    String sent = raw.replace("|", "\r\n") + NEXT;
    for (int cut = 0; cut <= sent.length(); cut++) {
      RawBody read = RawBody.inChunks();
      assertThat(read.isFinished()).isFalse();
      assertThat(text(read, sent.substring(0, cut)) + text(read, sent.substring(cut)))
          .isEqualTo(body.replace("|", "\r\n"));
      assertThat(read.isFinished()).isTrue();
    }
  }

  @Test
  void lineFeedsAlone_endLinesToo() throws IOException {
    assertThat(text(RawBody.inChunks(), "5\nHello\n0\n\n")).isEqualTo("Hello");
  }

  @ParameterizedTest
  @CsvSource({"5|Hello|0|", "5|Hell", "5", "''"})
  void bodyThatIsCutOff_isNotFinished(String raw) throws IOException {
    RawBody read = RawBody.inChunks();
    text(read, raw.replace("|", "\r\n"));
    assertThat(read.isFinished()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "4|Hello|0||, longer than its size line says",
    "|, no valid size line",
    "-1|, no valid size line",
    "+5|Hello|0||, no valid size line",
    "0x5|Hello|0||, no valid size line",
    "ffffffffffffffff|, no valid size line",
    "Hello|, no valid size line",
  })
  void brokenChunks_areReported(String raw, String problem) {
    assertThatThrownBy(() -> text(RawBody.inChunks(), raw.replace("|", "\r\n")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void endlessLines_haveABound() {
    String extension = "5;" + "x".repeat(RawBody.MAX_LINES);
    assertThatThrownBy(() -> text(RawBody.inChunks(), extension)).hasMessageContaining("too long");
    String trailers = "0\r\n" + "Name: value\r\n".repeat(RawBody.MAX_LINES / 10);
    assertThatThrownBy(() -> text(RawBody.inChunks(), trailers)).hasMessageContaining("too long");
  }

  @Test
  void length_endsTheBody() throws IOException {
    RawBody read = RawBody.ofLength(5);
    assertThat(text(read, "Hel")).isEqualTo("Hel");
    assertThat(read.isFinished()).isFalse();
    assertThat(text(read, "lo" + NEXT)).isEqualTo("lo");
    assertThat(read.isFinished()).isTrue();
    assertThat(RawBody.ofLength(0).isFinished()).isTrue();
  }

  @Test
  void onlyOfferedUpgrades_needIt() throws IOException {
    assertThat(RawBody.ofDeclinedUpgrade(FakeHttp.post("/x").request())).isEmpty();
    FakeHttp offer = FakeHttp.post("/x").with("Upgrade", "h2c").with("Content-Length", "2");
    RawBody declined = RawBody.ofDeclinedUpgrade(offer.request()).orElseThrow();
    assertThat(text(declined, "{}" + NEXT)).isEqualTo("{}");
    FakeHttp none = FakeHttp.get("/x").with("Upgrade", "h2c");
    assertThat(RawBody.ofDeclinedUpgrade(none.request()).orElseThrow().isFinished()).isTrue();
  }

  private static String text(RawBody read, String bytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] all = bytes.getBytes(ISO_8859_1);
    read.take(all, 0, all.length, (some, from, to) -> body.write(some, from, to - from));
    return body.toString(ISO_8859_1);
  }
}
