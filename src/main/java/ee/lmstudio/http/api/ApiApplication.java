package ee.lmstudio.http.api;

import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiExceptionMapper;
import ee.lmstudio.http.error.DefectMapper;
import ee.lmstudio.http.error.LmStudioExceptionMapper;
import ee.lmstudio.http.error.WebApplicationExceptionMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** Everything below {@code /api/v1/ai/lmstudio}. */
@ApplicationPath(ApiApplication.PATH)
public class ApiApplication extends Application {
  /** Below the context root. */
  public static final String PATH = RouteTable.LM_STUDIO_API;

  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        InferResource.class,
        StreamsResource.class,
        ModelsResource.class,
        HealthResource.class,
        ApiExceptionMapper.class,
        LmStudioExceptionMapper.class,
        WebApplicationExceptionMapper.class,
        DefectMapper.class);
  }

  /**
   * Jersey would describe the resources in its own format, too, and put the host that this server
   * believes to have before a {@code Location}, which is another one behind a proxy.
   */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of(
        "jersey.config.server.wadl.disableWadl",
        true,
        "jersey.config.server.headers.location.relative.resolution.disabled",
        true);
  }
}
