package ee.lmstudio.sdk;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.ws.rs.SeBootstrap;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.Link;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.Variant;
import jakarta.ws.rs.ext.RuntimeDelegate;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CompletionStage;
import org.glassfish.jersey.internal.RuntimeDelegateImpl;

/** Implementations of other libraries. They are found as services. */
public final class ForeignProviders {
  private ForeignProviders() {}

  /** Returns the name of the client builder that JAX-RS finds first, which cannot be created. */
  static String firstClientBuilder() {
    try {
      return ClientBuilder.newBuilder().getClass().getSimpleName();
    } catch (ServiceConfigurationError e) {
      return e.getMessage().contains(Clients.class.getName()) ? "Clients" : e.toString();
    }
  }

  /** Cannot be created. */
  public abstract static class Clients extends ClientBuilder {}

  /**
   * Does what JAX-RS asks for, as every implementation does: Jersey uses the first one for headers
   * and addresses.
   */
  public static final class Delegate extends RuntimeDelegate {
    private final RuntimeDelegate jersey = new RuntimeDelegateImpl();

    @Override
    public UriBuilder createUriBuilder() {
      return jersey.createUriBuilder();
    }

    @Override
    public Response.ResponseBuilder createResponseBuilder() {
      return jersey.createResponseBuilder();
    }

    @Override
    public Variant.VariantListBuilder createVariantListBuilder() {
      return jersey.createVariantListBuilder();
    }

    @Override
    public <T> T createEndpoint(Application application, Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> HeaderDelegate<T> createHeaderDelegate(Class<T> type) {
      return jersey.createHeaderDelegate(type);
    }

    @Override
    public Link.Builder createLinkBuilder() {
      return jersey.createLinkBuilder();
    }

    @Override
    public SeBootstrap.Configuration.Builder createConfigurationBuilder() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SeBootstrap.Instance> bootstrap(
        Application application, SeBootstrap.Configuration configuration) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SeBootstrap.Instance> bootstrap(
        Class<? extends Application> application, SeBootstrap.Configuration configuration) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EntityPart.Builder createEntityPartBuilder(String name) {
      throw new UnsupportedOperationException();
    }
  }

  /** Does nothing. */
  public static final class Json extends JsonProvider {
    private static UnsupportedOperationException foreign() {
      return new UnsupportedOperationException("A foreign JSON-P implementation was used");
    }

    @Override
    public JsonParser createParser(Reader reader) {
      throw foreign();
    }

    @Override
    public JsonParser createParser(InputStream in) {
      throw foreign();
    }

    @Override
    public JsonParserFactory createParserFactory(Map<String, ?> config) {
      throw foreign();
    }

    @Override
    public JsonGenerator createGenerator(Writer writer) {
      throw foreign();
    }

    @Override
    public JsonGenerator createGenerator(OutputStream out) {
      throw foreign();
    }

    @Override
    public JsonGeneratorFactory createGeneratorFactory(Map<String, ?> config) {
      throw foreign();
    }

    @Override
    public JsonReader createReader(Reader reader) {
      throw foreign();
    }

    @Override
    public JsonReader createReader(InputStream in) {
      throw foreign();
    }

    @Override
    public JsonReaderFactory createReaderFactory(Map<String, ?> config) {
      throw foreign();
    }

    @Override
    public JsonWriter createWriter(Writer writer) {
      throw foreign();
    }

    @Override
    public JsonWriter createWriter(OutputStream out) {
      throw foreign();
    }

    @Override
    public JsonWriterFactory createWriterFactory(Map<String, ?> config) {
      throw foreign();
    }

    @Override
    public JsonObjectBuilder createObjectBuilder() {
      throw foreign();
    }

    @Override
    public JsonArrayBuilder createArrayBuilder() {
      throw foreign();
    }

    @Override
    public JsonBuilderFactory createBuilderFactory(Map<String, ?> config) {
      throw foreign();
    }
  }
}
