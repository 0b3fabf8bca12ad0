package ee.lmstudio.http.openai;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiExceptionMapper;
import ee.lmstudio.http.error.DefectMapper;
import ee.lmstudio.http.error.LmStudioExceptionMapper;
import ee.lmstudio.http.error.RelayedErrorMapper;
import ee.lmstudio.http.error.WebApplicationExceptionMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** Registers the resources below {@code /v1}. */
@ApplicationPath(RouteTable.OPENAI_ROOT)
public class OpenAiApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        OpenAiGenerations.class,
        OpenAiModels.class,
        OpenAiEmbeddings.class,
        OpenAiMedia.class,
        OpenAiStreams.class,
        OpenAiRelays.class,
        UnknownMethods.class,
        RelayedErrorMapper.class,
        ApiExceptionMapper.class,
        LmStudioExceptionMapper.class,
        WebApplicationExceptionMapper.class,
        DefectMapper.class);
  }

  /** Switches off a description of the resources in Jersey's own format. */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of("jersey.config.server.wadl.disableWadl", true);
  }
}
