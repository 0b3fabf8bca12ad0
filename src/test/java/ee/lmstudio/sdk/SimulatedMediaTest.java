package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptFormat;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import ee.lmstudio.simulator.SimulatedVersion;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audio and images against the simulator of the 0.2 family: whole files, read by other readers. */
@Timeout(60)
class SimulatedMediaTest {
  /** A call against a simulator. */
  private interface Use<T> {
    T of(LmStudio sdk) throws Exception;
  }

  private static <T> T with(String version, Use<T> use) throws Exception {
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withVersion(SimulatedVersion.parse(version))
            .withSpeed(Speed.UNLIMITED);
    try (SocketSimulator server = SocketSimulator.start(settings);
        LmStudio sdk =
            LmStudio.connect(
                LmStudioSettings.builder()
                    .baseUrl(server.url())
                    .audioEnabled(true)
                    .imagesEnabled(true)
                    .build())) {
      return use.of(sdk);
    }
  }

  private static AudioSource sound(int... bytes) {
    byte[] sound = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      sound[i] = (byte) bytes[i];
    }
    return AudioSource.of("a.wav", () -> new ByteArrayInputStream(sound));
  }

  private static Transcript transcript(AudioSource sound, TranscriptFormat format)
      throws Exception {
    TranscriptionRequest request = TranscriptionRequest.builder(sound).format(format).build();
    return with("0.2.21", sdk -> sdk.createTranscription(request));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "verbose_json", "text", "srt", "vtt"})
  void transcript_isTheSameForTheSameSound(TranscriptFormat format) throws Exception {
    Transcript transcript = transcript(sound(1, 2, 200), format);
    assertThat(transcript.text()).isNotBlank();
    assertThat(transcript(sound(1, 2, 200), format)).isEqualTo(transcript);
    assertThat(transcript(sound(1, 2, 201), format).text()).isNotEqualTo(transcript.text());
    switch (format.wireName()) {
      case "verbose_json" -> {
        assertThat(transcript.segments()).isNotEmpty();
        assertThat(transcript.duration())
            .hasValue(transcript.segments().get(transcript.segments().size() - 1).end());
      }
      case "srt" -> assertThat(transcript.text()).startsWith("1\n00:00:00,000 --> 00:00:02,500\n");
      case "vtt" -> assertThat(transcript.text()).startsWith("WEBVTT\n\n00:00:00.000 --> ");
      default -> assertThat(transcript.segments()).isEmpty();
    }
  }

  @Test
  void translation_saysThatItIsOne() throws Exception {
    TranscriptionRequest request =
        TranscriptionRequest.builder(sound(7)).format(TranscriptFormat.VERBOSE_JSON).build();
    Transcript transcript = with("0.2.20", sdk -> sdk.createTranslation(request));
    assertThat(transcript.json().getString("task")).isEqualTo("translate");
  }

  @Test
  void speech_isAWaveFileThatGrowsWithTheText() throws Exception {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    Speech speech =
        with(
            "0.2.21", sdk -> sdk.createSpeech(SpeechRequest.of("anna", "three short words"), sink));
    assertThat(speech.contentType()).isEqualTo("audio/wav");
    try (var audio =
        AudioSystem.getAudioInputStream(new ByteArrayInputStream(sink.toByteArray()))) {
      assertThat(audio.getFrameLength()).isEqualTo(3 * 1200);
      assertThat(audio.getFormat().getSampleRate()).isEqualTo(8000);
    }
  }

  @ParameterizedTest
  @CsvSource({"b64_json", "url"})
  void images_arePngsOfTheirSize(ImageRequest.Delivery delivery) throws Exception {
    ImageRequest request =
        ImageRequest.builder("a tree").n(2).size("64x32").delivery(delivery).build();
    ImageAnswer answer = with("0.2.21", sdk -> sdk.createImage(request));
    assertThat(answer.images()).hasSize(2).doesNotHaveDuplicates();
    assertThat(answer.images().get(0).url().isPresent())
        .isEqualTo(delivery.equals(ImageRequest.Delivery.URL));
    if (delivery.equals(ImageRequest.Delivery.B64_JSON)) {
      BufferedImage png = ImageIO.read(answer.images().get(0).open());
      assertThat(png.getWidth()).isEqualTo(64);
      assertThat(png.getHeight()).isEqualTo(32);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.2.19", "0.3.x", "0.4.x"})
  void otherFamilies_haveNoAudio(String version) {
    assertThatThrownBy(
            () -> with(version, sdk -> sdk.createTranscription(TranscriptionRequest.of(sound(1)))))
        .isInstanceOf(FeatureUnavailableException.class);
  }

  @ParameterizedTest
  @CsvSource({"0.2.20", "0.3.x", "0.4.x"})
  void otherVersions_haveNoImages(String version) {
    assertThatThrownBy(() -> with(version, sdk -> sdk.createImage(ImageRequest.of("a tree"))))
        .isInstanceOf(FeatureUnavailableException.class);
  }
}
