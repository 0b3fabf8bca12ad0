package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.body.BodyFile;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.MultipartForm;
import ee.lmstudio.http.request.MultipartForm.Part;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.TranscriptFormat;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads the form of a request for a transcript. */
final class RecordingForm {
  private static final String FILE = "file";
  private static final String STREAM = "stream";

  /** The fields that may occur only once. */
  private static final Set<String> OWN =
      Set.of("model", "language", "prompt", "response_format", "temperature", STREAM);

  /** Maximum length of a field that is not the recording, in bytes. */
  private static final int VALUE_BYTES = 64 * 1024;

  private final BodyFile body;
  private final FieldFaults faults = new FieldFaults();
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private Part recording;

  private RecordingForm(BodyFile body) {
    this.body = body;
  }

  /**
   * A request for a transcript.
   *
   * @param ask reads the recording from the file of the request's body
   * @param fields the fields of the form as JSON, with the hash of the recording in place of the
   *     recording
   * @param streamed whether the client wants the answer as an event stream
   */
  record Request(TranscriptionRequest ask, JsonObject fields, boolean streamed) {
    /** Returns nothing of the request, because it may be private. */
    @Override
    public String toString() {
      return "Request";
    }
  }

  /**
   * Reads a form.
   *
   * @param type the {@code Content-Type} of the request
   * @throws ee.lmstudio.http.error.ApiException if the form is malformed, or a field is wrong
   */
  static Request read(BodyFile body, MediaType type) {
    return new RecordingForm(body).read(MultipartForm.read(body, type));
  }

  private Request read(List<Part> parts) {
    parts.forEach(this::take);
    OWN.stream()
        .filter(name -> values.getOrDefault(name, List.of()).size() > 1)
        .forEach(name -> faults.add(name, "occurs more than once; only one value is allowed"));
    JsonObject fields = fields();
    GenerationFields.check(fields, faults);
    if (parts.stream().noneMatch(part -> part.name().equals(FILE))) {
      faults.add(FILE, "is missing; a recording is required");
    }
    OptionalDouble temperature = temperature();
    TranscriptionRequest ask = recording == null ? null : request(temperature);
    if (faults.count() > 0) {
      throw GenerationFields.refusal(faults);
    }
    return new Request(ask, fields, fields.get(STREAM) == JsonValue.TRUE);
  }

  private void take(Part part) {
    if (part.name().equals(FILE)) {
      if (recording != null) {
        faults.add(FILE, "occurs more than once; only one recording is allowed");
      } else if (part.fileName().orElse("").isBlank()) {
        faults.add(
            FILE,
            "has no file name; send one whose extension tells the format, such as speech.wav");
      } else if (part.length() == 0) {
        faults.add(FILE, "is empty; a recording is required");
      } else {
        recording = part;
      }
    } else if (part.fileName().isPresent()) {
      faults.add(part.name(), "is a file; only the field \"file\" may be a file");
    } else if (part.length() > VALUE_BYTES) {
      faults.add(
          part.name(),
          "has %d bytes; at most %d are allowed".formatted(part.length(), VALUE_BYTES));
    } else if (part.length() > 0) {
      add(part);
    }
  }

  private void add(Part part) {
    try (InputStream in = body.open(part.from(), part.length())) {
      String value =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
      values.computeIfAbsent(part.name(), name -> new ArrayList<>()).add(value);
    } catch (CharacterCodingException e) {
      faults.add(part.name(), "is not valid UTF-8");
    } catch (IOException e) {
      throw BodyFile.unreadable(e);
    }
  }

  private Optional<String> one(String name) {
    return values.getOrDefault(name, List.of()).stream().findFirst();
  }

  private JsonObject fields() {
    var json = JSON.createObjectBuilder();
    values.forEach(
        (name, all) -> {
          switch (all.size() == 1 ? name + "=" + all.getFirst() : "") {
            case "stream=true" -> json.add(name, true);
            case "stream=false" -> json.add(name, false);
            default -> json.add(name, JSON.createArrayBuilder(all));
          }
        });
    one("model").ifPresent(model -> json.add("model", model));
    if (recording != null) {
      String names = recording.fileName() + " " + recording.contentType();
      json.add(FILE, names + " " + hash(recording));
    }
    return json.build();
  }

  private TranscriptionRequest request(OptionalDouble temperature) {
    try {
      TranscriptionRequest.Builder ask = TranscriptionRequest.builder(source());
      one("model").ifPresent(ask::model);
      one("language").ifPresent(ask::language);
      one("prompt").ifPresent(ask::prompt);
      one("response_format").map(TranscriptFormat::new).ifPresent(ask::format);
      temperature.ifPresent(ask::temperature);
      values.forEach(
          (name, all) -> {
            if (!OWN.contains(name)) {
              all.forEach(value -> ask.field(name, value));
            }
          });
      return ask.build();
    } catch (ValidationException wrong) {
      GenerationFields.add(faults, wrong);
      return null;
    }
  }

  private OptionalDouble temperature() {
    try {
      return one("temperature").stream().mapToDouble(Double::parseDouble).findFirst();
    } catch (NumberFormatException e) {
      faults.add("temperature", "is not a number; it must be a number of 0 or more");
      return OptionalDouble.empty();
    }
  }

  /**
   * Returns the recording as the SDK sends it. Its media type loses the parameters that browsers
   * add, such as {@code audio/webm; codecs=opus}. If the client does not know the media type, the
   * extension of the file name decides.
   */
  private AudioSource source() {
    String name = recording.fileName().orElseThrow();
    AudioSource.Opener opener = () -> body.open(recording.from(), recording.length());
    String type = recording.contentType().orElse("").replaceFirst(";.*", "").strip();
    return type.isEmpty() || type.equalsIgnoreCase(MediaType.APPLICATION_OCTET_STREAM)
        ? AudioSource.of(name, opener)
        : new AudioSource(name, type, true, opener);
  }

  private String hash(Part part) {
    try (InputStream in = body.open(part.from(), part.length())) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[VALUE_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw BodyFile.unreadable(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
