package ee.lmstudio.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.server.Bundle;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The link that a packaged server without access tokens prints in {@code local}. */
@Timeout(120)
class DemoLinkIT {
  private static final String LINK = "  http://";

  @Test
  void printedLink_opensThePageAtOnceAlthoughNothingWasAskedBefore() throws Exception {
    try (Bundle bundle =
            Bundle.startQuickly(Map.of("APP_ENV", "local", "LM_STUDIO_SIMULATOR", "true"));
        HttpClient browser =
            HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
      assertThat(bundle.awaitLine(LINK)).as(() -> String.join("\n", bundle.output())).isTrue();
      URI link = URI.create(bundle.output().getLast().strip());

      HttpResponse<String> page =
          browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.uri()).hasPath("/ai/lmstudio/demo").hasNoQuery();
      assertThat(page.body()).contains("<textarea");
    }
  }
}
