package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked, its JSON says the same; fields that nobody knows are sent and read too. */
class RequestPropertiesTest {
  private static final int TRIES = 500;

  @Provide
  Arbitrary<ChatRequest> chats() {
    return AnyRequest.chat();
  }

  @Provide
  Arbitrary<CompletionRequest> texts() {
    return AnyRequest.completion();
  }

  @Provide
  Arbitrary<EmbeddingRequest> embeddings() {
    return AnyRequest.embedding();
  }

  @Provide
  Arbitrary<SpeechRequest> speeches() {
    return AnyRequest.speech();
  }

  @Provide
  Arbitrary<ImageRequest> images() {
    return AnyRequest.image();
  }

  @Provide
  Arbitrary<LoadRequest> loads() {
    return AnyRequest.load();
  }

  @Property(seed = "1", tries = TRIES)
  void chat_isReadAsItWasWritten(@ForAll("chats") ChatRequest request) {
    assertSame(request, ChatRequest::toJson, ChatRequest::of);
    assertThat(request.options().toBuilder().build()).isEqualTo(request.options());
  }

  @Property(seed = "1", tries = TRIES)
  void text_isReadAsItWasWritten(@ForAll("texts") CompletionRequest request) {
    assertSame(request, CompletionRequest::toJson, CompletionRequest::of);
  }

  @Property(seed = "1", tries = TRIES)
  void embedding_isReadAsItWasWritten(@ForAll("embeddings") EmbeddingRequest request) {
    assertSame(request, EmbeddingRequest::toJson, EmbeddingRequest::of);
    assertThat(request.toJson()).containsAllEntriesOf(request.extra());
  }

  @Property(seed = "1", tries = TRIES)
  void speech_isReadAsItWasWritten(@ForAll("speeches") SpeechRequest request) {
    assertSame(request, SpeechRequest::toJson, SpeechRequest::of);
    assertThat(request.toJson()).containsAllEntriesOf(request.extra());
  }

  @Property(seed = "1", tries = TRIES)
  void image_isReadAsItWasWritten(@ForAll("images") ImageRequest request) {
    assertSame(request, ImageRequest::toJson, ImageRequest::of);
    assertThat(request.toJson()).containsAllEntriesOf(request.extra());
    assertThat(request.toBuilder().build()).isEqualTo(request);
  }

  @Property(seed = "1", tries = TRIES)
  void load_isReadAsItWasWritten(@ForAll("loads") LoadRequest request) {
    assertSame(request, LoadRequest::toJson, LoadRequest::of);
    assertThat(request.toJson()).containsAllEntriesOf(request.config());
  }

  private static <T> void assertSame(
      T request, Function<T, JsonObject> write, Function<JsonObject, T> read) {
    JsonObject json = write.apply(request);
    JsonObject sent = JsonText.readObject(json.toString()).orElseThrow();
    assertThat(sent).isEqualTo(json);
    T again = read.apply(sent);
    // Not by AssertJ: it shows what it compares, and a request shows nothing.
    assertThat(again.equals(request)).as("%s reads as %s", json, write.apply(again)).isTrue();
    assertThat(again).hasSameHashCodeAs(request);
    assertThat(write.apply(again)).isEqualTo(json);
  }
}
