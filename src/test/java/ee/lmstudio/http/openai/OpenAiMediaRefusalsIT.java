package ee.lmstudio.http.openai;

import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.header;
import static ee.lmstudio.http.openai.MediaServer.IMAGES;
import static ee.lmstudio.http.openai.MediaServer.SPEECH;
import static ee.lmstudio.http.openai.MediaServer.TRANSCRIPTIONS;
import static ee.lmstudio.http.openai.RecordingForms.field;
import static ee.lmstudio.http.openai.RecordingForms.file;
import static ee.lmstudio.http.openai.RecordingForms.form;
import static ee.lmstudio.http.openai.RecordingForms.whole;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.PayaraServer;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for audio and images that are refused, and the limits of forms. */
@ExtendWith(MediaServer.class)
@Timeout(120)
class OpenAiMediaRefusalsIT {
  private static Api api;

  @BeforeAll
  static void use(Api server) {
    api = server;
  }

  @Test
  void everyWrongField_isNamed() throws Exception {
    HttpResponse<String> answer =
        api.send(
            form(
                api,
                TRANSCRIPTIONS,
                file("RIFF"),
                file("RIFF"),
                field("model", "m".repeat(513)),
                field("temperature", "warm"),
                field("stream", "7"),
                field("language", "de"),
                field("language", "en")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Door.error(answer).getString("message")).startsWith("5 fields are wrong");
  }

  /** A form that is wrong in several ways names each, although there is no recording. */
  @Test
  void formWithoutARecording_namesEveryWrongField() throws Exception {
    HttpResponse<String> answer =
        api.send(form(api, TRANSCRIPTIONS, field("temperature", "warm"), field("stream", "7")));
    assertThat(Door.error(answer).getString("message"))
        .startsWith("3 fields are wrong")
        .contains("file", "temperature", "stream");
    HttpResponse<String> speech =
        api.send(Door.post(api, SPEECH, "{\"input\":\"a\",\"stream_format\":7}"));
    assertThat(Door.error(speech).getString("param")).isEqualTo("stream_format");
  }

  @ParameterizedTest
  @CsvSource({"Content-Encoding, gzip, 415", "Idempotency-Key, not valid, 400"})
  void formWithARefusedHeader_leavesNoFile(String name, String value, int status) throws Exception {
    HttpRequest request =
        form(api, TRANSCRIPTIONS, BodyPublishers.ofString(whole(file("RIFF"))))
            .header(name, value)
            .build();
    assertThat(api.send(request).statusCode()).isEqualTo(status);
  }

  /** Payara cuts a path at a semicolon, and Jersey does not. */
  @ParameterizedTest
  @ValueSource(strings = {"v1;audio/speech", "v1/audio;x=y/speech", "v1/audio/speech;x"})
  void pathWithAParameter_is404(String path) throws Exception {
    HttpRequest request =
        api.anonymous(path)
            .header("Authorization", "Bearer " + PayaraServer.ALICE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"input\":\"a\"}"))
            .build();
    HttpResponse<String> answer = api.send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(Door.error(answer).getString("code")).isEqualTo("unknown_url");
  }

  @ParameterizedTest
  @CsvSource({
    "audio/transcriptions, file",
    "audio/translations, file",
    "audio/speech, input",
    "images/generations, prompt"
  })
  void missingField_isNamed(String path, String field) throws Exception {
    HttpResponse<String> answer =
        api.send(
            path.contains("trans")
                ? form(api, path, field("model", "m"))
                : Door.post(api, path, "{\"model\":\"m\"}"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Door.error(answer).getString("param")).isEqualTo(field);
  }

  @Test
  void requestWithoutAForm_isRefused() throws Exception {
    HttpResponse<String> typed = api.send(Door.post(api, TRANSCRIPTIONS, "{}"));
    assertThat(typed.statusCode()).isEqualTo(415);
    HttpResponse<String> empty = api.send(form(api, TRANSCRIPTIONS, BodyPublishers.noBody()));
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(Door.error(empty).getString("code")).isEqualTo("malformed_request");
    HttpResponse<String> cut =
        api.send(form(api, TRANSCRIPTIONS, BodyPublishers.ofString(file("RIFF"))));
    assertThat(Door.error(cut).getString("message")).contains("ends before its last boundary");
  }

  @Test
  void recordingOverTheLimit_isRefusedWithItsLengthOrWithout() throws Exception {
    String most = whole(file("x".repeat(MediaServer.MOST - whole(file("")).length())));
    assertThat(api.send(form(api, TRANSCRIPTIONS, BodyPublishers.ofString(most))).statusCode())
        .isEqualTo(200);
    byte[] more = ("y" + most).getBytes(ISO_8859_1);
    for (HttpRequest.BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(more),
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(more)))) {
      HttpResponse<String> refused = api.send(form(api, TRANSCRIPTIONS, body));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(Door.error(refused).getString("code")).isEqualTo("payload_too_large");
    }
  }

  @Test
  void recordingThatNeverArrives_is408() throws Exception {
    URI url = api.server().url("v1/" + TRANSCRIPTIONS);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      OutputStream out = socket.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                  .formatted(url.getPath(), PayaraServer.ALICE)
              + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n";
      out.write((head + "--b\r\n" + "x".repeat(50_000)).getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 408");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TRANSCRIPTIONS, "audio/translations", SPEECH, IMAGES})
  void otherMethod_is405(String path) throws Exception {
    HttpResponse<String> answer = api.send(Door.at(api, PayaraServer.ALICE, path).build());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).contains("POST");
  }

  @Test
  void unknownPath_is404() throws Exception {
    assertThat(api.send(Door.post(api, "audio/none", "{}")).statusCode()).isEqualTo(404);
    assertThat(api.send(Door.post(api, "images/edits", "{}")).statusCode()).isEqualTo(404);
  }
}
