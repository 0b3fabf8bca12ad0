package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.Quoted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentPartTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 1, 2};
  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0};

  private static ContentPart image(String url) {
    return ContentPart.of(json("{'type':'image_url','image_url':{'url':'" + url + "'}}"));
  }

  @Test
  void bytes_becomeADataUriAndBack() {
    ContentPart.Image png = ContentPart.image(PNG);
    assertThat(png.url()).startsWith("data:image/png;base64,iVBORw0KGgo");
    assertThat(png.mediaType()).contains("image/png");
    assertThat(png.bytes()).contains(PNG);
    assertThat(png).hasToString("Image[image/png, " + png.url().length() + "]");
    ContentPart.Image jpeg = ContentPart.image(JPEG);
    assertThat(jpeg.mediaType()).contains("image/jpeg");
    assertThat(ContentPart.of(jpeg.toJson())).isEqualTo(jpeg);
  }

  @Test
  void file_isReadAsItsBytes(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("a.png"), PNG);
    assertThat(ContentPart.image(file)).isEqualTo(ContentPart.image(PNG));
  }

  @ParameterizedTest
  @CsvSource({"RIFF1234WEBPx, image/webp", "GIF89a, image/gif"})
  void otherImageFiles_areTaken(String file, String type) {
    byte[] bytes = file.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ContentPart.image(bytes).mediaType()).contains(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "RIFF1234WAVE", "<svg/>"})
  void otherFiles_areRefused(String file) {
    assertThatThrownBy(() -> ContentPart.image(file.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> {
              assertThat(error).hasMessage("image: is not a PNG, JPEG, WebP or GIF file");
              assertThat(error.hint()).contains("ContentPart.of(json)");
            });
  }

  @Test
  void hugeFile_isRefusedUnread() {
    assertThatThrownBy(() -> ImageRules.checkSize((32 << 20) + 1))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("33554433 bytes; at most 33554432");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data:image/png;base64,AA           | image/png",
        "data:image/png;base64,AA==         | image/png",
        "data:image/jpg;base64,AAA=         | image/jpeg",
        "DATA:image/JPEG;base64,AAAA        | image/jpeg",
        "data:image/png;base64,+/az         | image/png",
        "data:image/png;base64,-_az         | image/png",
        "data:image/webp;base64,UklGRg      | image/webp",
        "data:image/png;base64,UklGRgAA     | image/png",
        "data:application/pdf;base64,JVBERi0= | application/pdf"
      })
  void base64DataUri_isDecoded(String url, String type) {
    ContentPart.Image image = (ContentPart.Image) image(url);
    assertThat(image.mediaType()).contains(type);
    assertThat(image.bytes().orElseThrow()).isNotEmpty();
    assertThat(image.url()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://x/y.png", "http://x/y.png", "iVBORw0KGgo", "data:image/png,AA"})
  void otherAddress_isSentAsItIs(String url) {
    ContentPart.Image image = (ContentPart.Image) image(url);
    assertThat(image.url()).isEqualTo(url);
    assertThat(image.mediaType()).isEmpty();
    assertThat(image.bytes()).isEmpty();
    assertThat(image).hasToString("Image[by address, " + url.length() + "]");
    assertThat(ContentPart.image(URI.create(url))).isEqualTo(image);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                | is blank",
        "'  '                              | is blank",
        "data:image/png;base64,            | not base64",
        "data:image/png;base64,A           | not base64",
        "data:image/png;base64,AA=         | not base64",
        "data:image/png;base64,A=AA        | not base64",
        "data:image/png;base64,A{AA        | not base64",
        "data:image/png;base64,A:AA        | not base64",
        "data:image/png;base64,A[AA        | not base64"
      })
  void addressThatCanNeverBeRight_isRefused(String url, String reason) {
    assertThatThrownBy(() -> image(url))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> {
              assertThat(error.faults().get(0).field()).isEqualTo("image_url.url");
              assertThat(error.faults().get(0).reason()).contains(reason);
              assertThat(error.hint()).contains("ContentPart.image");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'text'}                         | text",
        "{'type':'text','text':7}                | text",
        "{'type':'image_url'}                    | image_url",
        "{'type':'image_url','image_url':'data'} | image_url",
        "{'type':'image_url','image_url':{}}     | image_url.url",
        "{'type':'image_url','image_url':{'url':1}} | image_url.url",
        "{}                                      | type",
        "{'type':7}                              | type",
        "{'type':' '}                            | type"
      })
  void wrongPart_isNamed(String part, String field) {
    assertThatThrownBy(() -> ContentPart.of(json(part)))
        .isInstanceOfSatisfying(
            ValidationException.class,
            error -> assertThat(error.faults().get(0).field()).isEqualTo(field));
  }

  @Test
  void unknownPart_isKeptWhole() {
    JsonObject part = json("{'type':'audio','audio':{'x':1}}");
    assertThat(ContentPart.of(part))
        .isInstanceOfSatisfying(
            ContentPart.Other.class,
            other -> {
              assertThat(other.type()).isEqualTo("audio");
              assertThat(other.toJson()).isEqualTo(part);
              assertThat(other).hasToString("Other[audio]");
            });
  }

  @Test
  void message_hasItsParts() {
    ContentPart.Text text = ContentPart.text("What?");
    Message message = Message.user(text, ContentPart.image(PNG));
    assertThat(message.parts()).containsExactly(text, ContentPart.image(PNG));
    assertThat(message.text()).isEqualTo("What?");
    assertThat(text).hasToString("Text[5]");
    assertThat(Message.of(message.toJson())).isEqualTo(message);
    assertThat(Message.user("Hi").parts()).isEqualTo(List.of(ContentPart.text("Hi")));
    assertThat(Message.of(json("{'role':'assistant','tool_calls':[]}")).parts()).isEmpty();
  }
}
