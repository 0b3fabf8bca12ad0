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

  @Test
  void configuredTokens_areNeverPrintedButThePageAndTheConfigurationAre() throws Exception {
    String canary = "c4nary-c4nary-c4nary";
    String nowhere = "http://127.0.0.1:9"; // No LM Studio has this port.
    try (Bundle bundle =
        Bundle.start(
            Bundle.JAR,
            Map.of(
                "LM_STUDIO_BASE_URL",
                nowhere,
                "LM_STUDIO_ALLOWED_HOSTS",
                "127.0.0.1:9",
                "LM_STUDIO_API_KEY",
                canary,
                "LM_STUDIO_ACCESS_TOKENS",
                "ann:" + canary))) {
      assertThat(bundle.awaitLineWith("LM Studio at " + nowhere + " cannot be used yet"))
          .as(() -> String.join("\n", bundle.output()))
          .isTrue();
      bundle.signal("TERM");
      assertThat(bundle.awaitLine("this line does not exist")).isFalse();
      assertThat(bundle.output())
          .contains(
              LINK + "127.0.0.1:" + bundle.port() + "/ai/lmstudio/demo",
              "  LM Studio    " + nowhere,
              "  May sign in  ann")
          .noneMatch(line -> line.contains("c4nary"))
          .noneMatch(line -> line.contains("JdbcRuntimeExtension"));
    }
  }
}
