package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.JsonAnswers;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.model.Embedding;
import ee.lmstudio.sdk.model.EmbeddingAnswer;
import ee.lmstudio.sdk.model.EmbeddingRequest;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Handles {@code POST /v1/embeddings}. LM Studio sends vectors as lists of numbers, whatever the
 * request says. OpenAI's Node.js client asks for base64 unless told otherwise, and reads lists of
 * numbers as base64, too, so it would get other vectors without an error.
 */
@RequestScoped
@Path("embeddings")
public class OpenAiEmbeddings {
  private static final String FORMAT = "encoding_format";
  private static final String BASE64 = "base64";

  /** How many answers are written at the same time. */
  static final int AT_ONCE = 2;

  private static final Semaphore WRITING = new Semaphore(AT_ONCE);

  @Inject Upstreams upstreams;
  @Inject ServerSettings settings;
  @Inject JsonAnswers answers;
  @Context HttpHeaders headers;
  @Context SecurityContext security;
  @Context HttpServletRequest request;

  @POST
  public void embed(InputStream body, @Suspended AsyncResponse answer) {
    JsonObject fields =
        GenerationFields.object(JsonBodyReader.read(body, headers, request, settings));
    GenerationFields.requireOneOf(fields, FORMAT, Set.of("float", BASE64));
    EmbeddingRequest ask = GenerationFields.read(fields, EmbeddingRequest::of);
    boolean base64 = fields.getString(FORMAT, "").equals(BASE64);
    String caller = security.getUserPrincipal().getName();
    SdkContract lmStudio =
        upstreams.sdk(caller).with(CallOptions.by(caller, RequestId.of(request)));
    answers.later(
        request,
        answer,
        () -> {
          EmbeddingAnswer vectors = lmStudio.createEmbedding(ask);
          return written(vectors, base64);
        });
  }

  /**
   * Writes the answer without a tree of JSON objects, which would take many times the memory. For
   * the same reason, only a few answers are written at a time.
   */
  private static String written(EmbeddingAnswer answer, boolean base64) {
    WRITING.acquireUninterruptibly();
    try {
      StringBuilder data = new StringBuilder();
      for (int i = 0; i < answer.embeddings().size(); i++) {
        Embedding vector = answer.embeddings().get(i);
        data.append(i == 0 ? "" : ",").append("{\"object\":\"embedding\",\"embedding\":");
        if (base64) {
          data.append('"').append(inBase64(vector)).append('"');
        } else {
          numbers(vector, data);
        }
        data.append(",\"index\":").append(i).append('}');
      }
      JsonObject rest =
          JSON.createObjectBuilder(answer.extra())
              .add("model", answer.model())
              .add("usage", answer.usage().toJson())
              .build();
      return "{\"object\":\"list\",\"data\":[" + data + "]," + rest.toString().substring(1);
    } finally {
      WRITING.release();
    }
  }

  /** Writes the numbers as doubles: those of LM Studio come out digit for digit. */
  private static void numbers(Embedding vector, StringBuilder out) {
    char before = '[';
    for (int i = 0; i < vector.dimension(); i++) {
      out.append(before).append((double) vector.get(i));
      before = ',';
    }
    out.append(']');
  }

  /** Returns the numbers as OpenAI sends them: 32-bit floats, the lowest byte first. */
  private static String inBase64(Embedding vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * vector.dimension()).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : vector.toArray()) {
      bytes.putFloat(number);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
