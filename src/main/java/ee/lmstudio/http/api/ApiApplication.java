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

/** Registers the resources below {@code /api/v1/ai/lmstudio}. */
@ApplicationPath(ApiApplication.PATH)
public class ApiApplication extends Application {
  /** The path below the context root. */
  public static final String PATH = RouteTable.LM_STUDIO_API;

  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(
        InferResource.class,
        StreamsResource.class,
        ModelsResource.class,
        ModelAdministration.class,
        HealthResource.class,
        ApiExceptionMapper.class,
        LmStudioExceptionMapper.class,
        WebApplicationExceptionMapper.class,
        DefectMapper.class);
  }

  /**
   * Switches off two features of Jersey: a description of the resources in its own format, and
   * absolute {@code Location} headers, whose host name is wrong behind a proxy.
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
