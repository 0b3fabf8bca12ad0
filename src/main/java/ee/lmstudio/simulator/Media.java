package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import ee.lmstudio.simulator.media.Picture;
import ee.lmstudio.simulator.media.Wave;
import ee.lmstudio.simulator.writing.Author;
import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Audio and images of the 0.2 family. Equal requests get equal answers. */
final class Media {
  private static final double SECONDS_A_SENTENCE = 2.5;
  private static final int MAX_IMAGES = 10;
  private static final int MAX_PIXELS_A_SIDE = 1024;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4})x(\\d{1,4})");

  private final SimulatorSettings settings;
  private final Express express;

  Media(SimulatorSettings settings, Express express) {
    this.settings = settings;
    this.express = express;
  }

  /**
   * Returns a transcript of a recording. Its text is chosen by the bytes of the recording.
   *
   * @param task {@code transcribe} or {@code translate}
   */
  SimulatorReply transcript(SimulatorRequest request, String task) {
    AudioForm form = AudioForm.of(request);
    long seed = Seed.of("" + settings.seed(), form.fields().get("file"));
    Question about = new Question("a recording in 30 words");
    String text = new Author(about, new SplittableRandom(seed)).answer().replaceAll("\\s+", " ");
    List<String> sentences = List.of(text.split("(?<=[.!?]) "));
    return switch (form.format()) {
      case "json" -> json(JSON.createObjectBuilder().add("text", text).build());
      case "verbose_json" -> json(verbose(text, sentences, task));
      case "text" -> text("text/plain; charset=utf-8", text + "\n");
      case "srt" -> text("text/plain; charset=utf-8", subtitles(sentences, ','));
      case "vtt" -> text("text/vtt; charset=utf-8", "WEBVTT\n\n" + subtitles(sentences, '.'));
      default ->
          throw Refusal.text(400, "'response_format' must be json, verbose_json, text, srt or vtt");
    };
  }

  private static JsonObject verbose(String text, List<String> sentences, String task) {
    JsonArrayBuilder segments = JSON.createArrayBuilder();
    for (int i = 0; i < sentences.size(); i++) {
      segments.add(
          JSON.createObjectBuilder()
              .add("id", i)
              .add("start", i * SECONDS_A_SENTENCE)
              .add("end", (i + 1) * SECONDS_A_SENTENCE)
              .add("text", sentences.get(i)));
    }
    return JSON.createObjectBuilder()
        .add("task", task)
        .add("language", "english")
        .add("duration", sentences.size() * SECONDS_A_SENTENCE)
        .add("text", text)
        .add("segments", segments)
        .build();
  }

  private static String subtitles(List<String> sentences, char point) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < sentences.size(); i++) {
      lines.append(point == ',' ? (i + 1) + "\n" : "");
      lines.append(time(i, point)).append(" --> ").append(time(i + 1, point)).append('\n');
      lines.append(sentences.get(i)).append("\n\n");
    }
    return lines.toString();
  }

  private static String time(int sentence, char point) {
    Duration at = Duration.ofMillis((long) (sentence * SECONDS_A_SENTENCE * 1000));
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        at.toHours(),
        at.toMinutesPart(),
        at.toSecondsPart(),
        point,
        at.toMillisPart());
  }

  /** Returns a WAV file with a tone for each word, whatever format was requested. */
  SimulatorReply speech(SimulatorRequest request) {
    JsonBody body = JsonBody.of(request);
    String input = body.text("input").orElse("");
    if (input.isBlank()) {
      throw Refusal.text(400, "'input' field is required");
    }
    String voice = body.text("voice").orElse("");
    List<String> words = new Question(input).words().stream().map(word -> voice + word).toList();
    return express.whole("audio/wav", Wave.of(words), settings.speed().firstToken());
  }

  /** Returns pictures, as base64 or as data URIs. */
  SimulatorReply images(SimulatorRequest request, Instant now) {
    JsonBody body = JsonBody.of(request);
    String prompt = body.text("prompt").orElse("");
    long count = body.number("n").orElse(1L);
    Matcher size = SIZE.matcher(body.text("size").orElse("256x256"));
    if (prompt.isBlank() || count < 1 || count > MAX_IMAGES || !size.matches()) {
      throw Refusal.text(400, "'prompt', 'n' (1 to 10) or 'size' (WIDTHxHEIGHT) is wrong");
    }
    boolean address = body.text("response_format").orElse("b64_json").equals("url");
    JsonArrayBuilder data = JSON.createArrayBuilder();
    for (int i = 0; i < count; i++) {
      long seed = Seed.of("" + settings.seed(), prompt, "" + i);
      byte[] png = Picture.of(seed, pixels(size.group(1)), pixels(size.group(2)));
      String base64 = Base64.getEncoder().encodeToString(png);
      data.add(
          address
              ? JSON.createObjectBuilder().add("url", "data:image/png;base64," + base64)
              : JSON.createObjectBuilder().add("b64_json", base64));
    }
    return json(
        JSON.createObjectBuilder().add("created", now.getEpochSecond()).add("data", data).build());
  }

  private static int pixels(String side) {
    return Math.clamp(Integer.parseInt(side), 1, MAX_PIXELS_A_SIDE);
  }

  private SimulatorReply json(JsonObject json) {
    return express.json(200, json.toString(), settings.speed().firstToken());
  }

  private SimulatorReply text(String type, String text) {
    return express.whole(
        type, text.getBytes(StandardCharsets.UTF_8), settings.speed().firstToken());
  }
}
