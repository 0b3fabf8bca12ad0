package ee.lmstudio.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.FakeHttp;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMapperTest {

  private static <E extends Throwable> Response map(
      ErrorMapper<E> mapper, String path, E exception) {
    mapper.request = FakeHttp.post(path).request();
    return mapper.toResponse(exception);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/ai/lmstudio/infer, 422, '{\"status\":\"error\",\"error\":{\"code\":\"validation'",
    "/v1/chat/completions, 400, '{\"error\":{\"message\":\"model: must be a string'",
  })
  void wrongField_isReportedInTheErrorFormatOfTheRoute(String path, int status, String body) {
    ApiException wrong =
        ApiException.wrongFields(List.of(new ApiError.Detail("model", "must be a string")), 0);
    Response response = map(new ApiExceptionMapper(), path, wrong);
    assertThat(response.getStatus()).isEqualTo(status);
    assertThat(response.getMediaType()).hasToString("application/json");
    assertThat(response.getEntity().toString()).startsWith(body);
  }

  @Test
  void unknownPathBelowV1_isToldAsOpenAiTellsIt() {
    Response response =
        map(new WebApplicationExceptionMapper(), "/v1/nothing", new NotFoundException());
    assertThat(response.getStatus()).isEqualTo(404);
    assertThat(response.getEntity().toString())
        .startsWith("{\"error\":{\"message\":\"There is no resource at /v1/nothing.")
        .contains("\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"unknown_url\"");
  }

  @Test
  void methodThatIsNotAllowed_keepsTheAllowHeader() {
    Response response =
        map(
            new WebApplicationExceptionMapper(),
            "/v1/models",
            new NotAllowedException(Response.status(405).header("Allow", "GET, HEAD").build()));
    assertThat(response.getStatus()).isEqualTo(405);
    assertThat(response.getHeaderString("Allow")).contains("GET", "HEAD");
  }

  @Test
  void rateLimit_carriesRetryAfter() {
    Response response =
        map(
            new LmStudioExceptionMapper(),
            "/v1/chat/completions",
            new RateLimitedException("m", "h", null));
    assertThat(response.getStatus()).isEqualTo(429);
    assertThat(response.getHeaderString("Retry-After")).isEqualTo("1");
    assertThat(response.getEntity().toString()).contains("\"code\":\"rate_limit_exceeded\"");
  }
}
