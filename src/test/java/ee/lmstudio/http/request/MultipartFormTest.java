package ee.lmstudio.http.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.body.BodyFile;
import ee.lmstudio.http.body.BodyFiles;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.request.MultipartForm.Part;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
  private static final MediaType TYPE =
      new MediaType("multipart", "form-data", Map.of("boundary", "b-b"));

  private static final String NAME = "Content-Disposition: form-data; name=\"x\"\r\n";

  private static List<Part> parts(String form) {
    try (BodyFile body = BodyFiles.of(form.getBytes(ISO_8859_1))) {
      return MultipartForm.read(body, TYPE);
    }
  }

  /** Returns the contents of the parts of a form, with each byte as one character. */
  private static List<String> contents(String form) {
    try (BodyFile body = BodyFiles.of(form.getBytes(ISO_8859_1))) {
      return MultipartForm.read(body, TYPE).stream()
          .map(part -> new String(bytes(body, part), ISO_8859_1))
          .toList();
    }
  }

  private static byte[] bytes(BodyFile body, Part part) {
    try {
      return body.open(part.from(), part.length()).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String form(List<String> contents) {
    StringBuilder form = new StringBuilder("--b-b");
    contents.forEach(
        text -> form.append("\r\n").append(NAME).append("\r\n").append(text).append("\r\n--b-b"));
    return form + "--\r\n";
  }

  private static void assertMalformed(String form, String reason) {
    assertThatThrownBy(() -> parts(form))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().code()).isEqualTo(ErrorCode.MALFORMED_REQUEST);
              assertThat(e.error().message()).contains(reason);
            });
  }

  @Test
  void fileAndFields_areRanges() {
    String form =
        "--b-b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
            + "Content-Type: audio/wav\r\n\r\nRIFF\r\n"
            + "--b-b\r\ncontent-disposition:form-data;name=model\r\n\r\nm\r\n--b-b--\r\n";
    List<Part> parts = parts(form);
    assertThat(parts).extracting(Part::name).containsExactly("file", "model");
    assertThat(parts)
        .extracting(Part::fileName)
        .containsExactly(Optional.of("a.wav"), Optional.empty());
    assertThat(parts)
        .extracting(Part::contentType)
        .containsExactly(Optional.of("audio/wav"), Optional.empty());
    assertThat(contents(form)).containsExactly("RIFF", "m");
    assertThat(parts.getFirst()).hasToString("Part[file, 4 bytes]");
  }

  @Provide
  Arbitrary<List<String>> contents() {
    return Arbitraries.strings()
        .withChars('\r', '\n', '-', 'b', 'x', '\u00ff', '\0')
        .ofMaxLength(30)
        .filter(text -> !("\r\n" + text).contains("\r\n--b-b"))
        .list()
        .ofMaxSize(MultipartForm.PARTS);
  }

  @Property
  void anyContent_isReadAsItIs(@ForAll("contents") List<String> contents) {
    assertThat(contents(form(contents))).isEqualTo(contents);
  }

  @Test
  void contentLongerThanTheBuffer_isReadAsItIs() {
    String almost = "\r\n--b-".repeat(30_000);
    assertThat(contents(form(List.of(almost, "end")))).containsExactly(almost, "end");
  }

  @Test
  void textBeforeAndAfterTheForm_isIgnored() {
    assertThat(contents("before\r\n" + form(List.of("a")) + "after\r\n--b-b\r\n"))
        .containsExactly("a");
  }

  @Test
  void spacesAfterABoundary_areIgnored() {
    assertThat(contents(form(List.of("a")).replace("--b-b\r\n", "--b-b \t\r\n")))
        .containsExactly("a");
  }

  @Test
  void emptyPart_mayLackTheLineEndBeforeItsBoundary() {
    assertThat(contents("--b-b\r\n" + NAME + "\r\n--b-b--")).containsExactly("");
  }

  @Test
  void formThatIsCut_isRefusedAtEveryByte() {
    String form = form(List.of("one", "two"));
    int end = form.lastIndexOf("--") + 2;
    for (int cut = 0; cut < end; cut++) {
      assertMalformed(form.substring(0, cut), "It ends before its last boundary");
    }
    assertThat(contents(form.substring(0, end))).containsExactly("one", "two");
  }

  @Test
  void nineParts_areRefused() {
    List<String> nine = IntStream.range(0, 9).mapToObj(i -> "x").toList();
    assertThat(contents(form(nine.subList(0, 8)))).hasSize(8);
    assertMalformed(form(nine), "It has more than 8 parts");
  }

  @Test
  void longHeaders_areRefused() {
    String header = "X-Y: " + "z".repeat(1000) + "\r\n";
    assertMalformed(form(List.of("a")).replace(NAME, NAME + header.repeat(5)), "4096 bytes");
    assertMalformed("--b-b\r\n" + "z".repeat(100_000), "4096 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X: y\r\n", "Content-Disposition: form-data\r\n", ": x\r\n"})
  void partWithoutAName_isRefused(String headers) {
    assertMalformed(form(List.of("a")).replace(NAME, headers), "A part has no name");
  }

  @Test
  void textAfterABoundary_isRefused() {
    assertMalformed(
        "--b-bx\r\n" + NAME + "\r\na\r\n--b-b--", "follows a boundary on the same line");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "filename=\"a b.wav\", a b.wav",
        "filename=\"a\\\"b\\\\c.wav\", a\"b\\c.wav",
        "filename=\"a%22b.wav\", a\"b.wav",
        "FileName = a.wav, a.wav",
        "filename=\"C:\\music\\a.wav\", C:\\music\\a.wav",
        "filename=\"name=x; y\", name=x; y"
      })
  void nameOfAFile_isReadAsClientsWriteIt(String parameter, String name) {
    String header = "Content-Disposition: form-data; name=\"f\"; " + parameter + "\r\n";
    Part part = parts(form(List.of("a")).replace(NAME, header)).getFirst();
    assertThat(part.name()).isEqualTo("f");
    assertThat(part.fileName()).contains(name);
  }

  @Test
  void nameOfAFile_isUtf8() {
    String header = "Content-Disposition: form-data; name=\"f\"; filename=\"\u00fc.wav\"\r\n";
    String form = form(List.of("a")).replace(NAME, header);
    try (BodyFile body = BodyFiles.of(form.getBytes(UTF_8))) {
      assertThat(MultipartForm.read(body, TYPE).getFirst().fileName()).contains("\u00fc.wav");
    }
  }

  @Test
  void quotedTextWithManyEscapes_isRead() {
    String header = "Content-Disposition: form-data; name=\"" + "\\\"".repeat(2000) + "\"\r\n";
    assertThat(parts(form(List.of("a")).replace(NAME, header)).getFirst().name())
        .isEqualTo("\"".repeat(2000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "b\u00e4",
        "0123456789012345678901234567890123456789012345678901234567890123456789X"
      })
  void typeWithoutAValidBoundary_isRefused(String boundary) {
    MediaType type = new MediaType("multipart", "form-data", Map.of("boundary", boundary));
    try (BodyFile body = BodyFiles.of(form(List.of("a")).getBytes(ISO_8859_1))) {
      assertThatThrownBy(() -> MultipartForm.read(body, type))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("no boundary");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "multipart/mixed", "text/plain"})
  void otherType_isRefused(String type) {
    MediaType other = MediaType.valueOf(type);
    assertThatThrownBy(() -> MultipartForm.checkContentType(other))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.UNSUPPORTED_MEDIA_TYPE));
    MultipartForm.checkContentType(TYPE);
  }
}
