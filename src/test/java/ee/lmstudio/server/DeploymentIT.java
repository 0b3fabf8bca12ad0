package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class DeploymentIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Test
  void withoutSignIn_pageLeadsToLoginBelowTheContextRoot(PayaraServer server) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(server.url("ai/lmstudio/demo")).build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("location").orElseThrow()).endsWith("/ai/login");
  }
}
